// Two panes with a 1 px line between them that is easy to grip (6 px); a double click resets, arrows move it, and the size is handed to
// whoever remembers it.

import { useRef, type ReactElement, type ReactNode } from 'react'
import { Group, Panel, Separator, type Layout } from 'react-resizable-panels'

export interface SplitPaneProps {
  readonly id: string
  readonly label: string
  readonly direction: 'row' | 'column'
  readonly first: ReactNode
  /** Undefined: the first has all the room, and stays what it is when a second comes. */
  readonly second: ReactNode | undefined
  /** Which of the two keeps its pixels when the window is resized. */
  readonly fixed?: 'first' | 'second'
  readonly defaultFirst?: string | number
  readonly defaultSecond?: string | number
  readonly minFirst?: number
  readonly minSecond?: number
  /** Share of the first pane in percent, as remembered. */
  readonly share: number | undefined
  readonly onShare: (share: number) => void
}

export function SplitPane(props: SplitPaneProps): ReactElement {
  const { id, label, direction, fixed, share } = props
  const first = `${id}-first`
  const second = `${id}-second`
  const initial = useRef<Layout | undefined>(share === undefined ? undefined : { [first]: share, [second]: 100 - share })
  const behaviour = (which: 'first' | 'second'): 'preserve-pixel-size' | 'preserve-relative-size' => (fixed === which ? 'preserve-pixel-size' : 'preserve-relative-size')
  return (
    <Group
      id={id} orientation={direction === 'row' ? 'horizontal' : 'vertical'} className="split" {...(initial.current === undefined ? {} : { defaultLayout: initial.current })}
      resizeTargetMinimumSize={{ coarse: 24, fine: 6 }}
      onLayoutChanged={(layout, meta) => {
        const now = layout[first]
        if (meta.isUserInteraction && now !== undefined) props.onShare(now)
      }}
    >
      <Panel id={first} className="split-panel" minSize={props.minFirst ?? 120} groupResizeBehavior={behaviour('first')} {...(props.defaultFirst === undefined ? {} : { defaultSize: props.defaultFirst })}>
        {props.first}
      </Panel>
      {props.second !== undefined && <Separator className={`split-line split-line-${direction}`} aria-label={label} />}
      {props.second !== undefined && (
        <Panel id={second} className="split-panel" minSize={props.minSecond ?? 120} groupResizeBehavior={behaviour('second')} {...(props.defaultSecond === undefined ? {} : { defaultSize: props.defaultSecond })}>
          {props.second}
        </Panel>
      )}
    </Group>
  )
}
