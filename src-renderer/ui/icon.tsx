// One family of thin 16 px strokes, drawn in the colour of the text around them. Names are what they stand for here, not what they show.

import type { ReactElement } from 'react'

const paths = {
  calls: 'M2 8h11M9 4l4 4-4 4',
  services: 'M6 4a2 2 0 1 1-4 0a2 2 0 1 1 4 0M14 4a2 2 0 1 1-4 0a2 2 0 1 1 4 0M10 12a2 2 0 1 1-4 0a2 2 0 1 1 4 0M5 6l2 4M11 6l-2 4',
  chain: 'M14 8a6 6 0 1 1-12 0a6 6 0 1 1 12 0M11 8a3 3 0 1 1-6 0a3 3 0 1 1 6 0',
  traces: 'M2 4h7M4 8h8M7 12h7',
  mocks: 'M2.5 3h11v4h-11zM2.5 9h11v4h-11z',
  settings: 'M2 5h2.2M7.8 5H14M2 11h6.2M11.8 11H14M7.8 5a1.8 1.8 0 1 1-3.6 0a1.8 1.8 0 1 1 3.6 0M11.8 11a1.8 1.8 0 1 1-3.6 0a1.8 1.8 0 1 1 3.6 0',
  theme: 'M14 8a6 6 0 1 1-12 0a6 6 0 1 1 12 0M8 2v12',
  close: 'M4 4l8 8M12 4l-8 8',
  add: 'M8 3v10M3 8h10',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  format: 'M3 4h10M3 8h6M3 12h8',
  pin: 'M8 9.5V14M5 9.5h6L9.8 6V2.5H6.2V6z',
  open: 'M2 4.5h4l1.5 2H14v6.5H2z',
  play: 'M5 3l8 5-8 5z',
  stop: 'M4 4h8v8H4z',
  panel: 'M2 3h12v10H2zM2 9.5h12',
  sidebar: 'M2 3h12v10H2zM6 3v10',
  check: 'M3 8.5l3.2 3L13 4.5',
  probe: 'M11 6.5a4.5 4.5 0 1 1-9 0a4.5 4.5 0 1 1 9 0M9.7 9.7L14 14M4.6 6.5h1.2l.8-1.7 1 3.2.7-1.5h.8',
  pause: 'M5.5 3v10M10.5 3v10',
  save: 'M8 2.5v7.5M5 7l3 3 3-3M2.5 11v2.5h11V11',
  count: 'M6.5 2.5l-1.5 11M11 2.5l-1.5 11M3 6h10.5M2.5 10H13',
  up: 'M8 13V3.5M4 7.5l4-4 4 4',
  down: 'M8 3v9.5M4 8.5l4 4 4-4',
  back: 'M13 8H3M7 4L3 8l4 4',
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { readonly name: IconName }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  )
}
