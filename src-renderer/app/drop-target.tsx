// IDL files dropped anywhere in the window are opened; while they hover, the window says so.

import { useEffect, useState, type ReactElement } from 'react'
import { useActions } from '../store/actions.ts'
import { useStores } from '../store/stores.ts'
import { useT } from '../ui/translation.tsx'

export function DropTarget(): ReactElement | null {
  const { workspace } = useStores()
  const actions = useActions()
  const { t } = useT()
  const [hovering, setHovering] = useState(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
    const over = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setHovering(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setHovering(false)
    }
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setHovering(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      void workspace.addFiles(files.map((file) => ({ name: file.name, path: actions.pathOf(file), text: () => file.text() })))
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
    }
  }, [workspace, actions])
  return hovering ? <div className="drop-target" role="status">{t('app.drop')}</div> : null
}
