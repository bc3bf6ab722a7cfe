// The application menu: what the system expects to find (copy, paste, zoom, quit), in the user's language. Everything else is in the window.

import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MessageKey } from '../../shared/i18n/catalogue.ts'
import type { Translator } from '../../shared/i18n/translate.ts'

type Role = NonNullable<MenuItemConstructorOptions['role']>

/** Builds and sets the menu; again after the language changed. */
export function setMenu({ t }: Translator, isMac: boolean): void {
  const item = (role: Role, key: MessageKey): MenuItemConstructorOptions => ({ role, label: t(key) })
  const line: MenuItemConstructorOptions = { type: 'separator' }
  const quit = item('quit', 'workspace.menuQuit')
  const template: MenuItemConstructorOptions[] = [
    isMac
      ? { role: 'appMenu' }
      : { label: t('workspace.menuFile'), submenu: [quit] },
    {
      label: t('workspace.menuEdit'),
      submenu: [
        item('undo', 'workspace.menuUndo'), item('redo', 'workspace.menuRedo'), line,
        item('cut', 'workspace.menuCut'), item('copy', 'workspace.menuCopy'), item('paste', 'workspace.menuPaste'), item('selectAll', 'workspace.menuSelectAll'),
      ],
    },
    {
      label: t('workspace.menuView'),
      submenu: [
        item('zoomIn', 'workspace.menuZoomIn'), item('zoomOut', 'workspace.menuZoomOut'), item('resetZoom', 'workspace.menuZoomReset'), line,
        item('togglefullscreen', 'workspace.menuFullScreen'), item('toggleDevTools', 'workspace.menuDevTools'),
      ],
    },
    ...(isMac ? [{ role: 'windowMenu' } satisfies MenuItemConstructorOptions] : []),
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
