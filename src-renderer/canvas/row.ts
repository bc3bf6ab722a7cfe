// A row of a timeline as data: words on the left, bars on the shared time axis. Chain and trace both become such rows, which is how
// the two stand above each other without knowing each other.

export type BarShape = 'solid' | 'thin' | 'wait' | 'lost'
export type BarColour = 'accent' | 'ok' | 'warn' | 'fail' | 'faint' | { readonly hue: number }

/** Nanoseconds after the timeline's start. */
export interface Bar {
  readonly startNs: number
  readonly endNs: number
  readonly shape: BarShape
  readonly colour: BarColour
  /** Written beside the bar, or inside where there is no room beside. */
  readonly label?: string
}

export type RowTone = 'plain' | 'ok' | 'warn' | 'fail' | 'faint'

export interface RowChip {
  readonly text: string
  readonly tone: 'changed' | 'fail' | 'quiet'
}

export interface TimelineRow {
  readonly id: string
  readonly kind: 'group' | 'item'
  /** From 1. */
  readonly level: number
  /** Undefined: nothing to fold. */
  readonly open?: boolean
  /** A sign before the name; its meaning is also in `title`. */
  readonly mark: string
  readonly tone: RowTone
  readonly name: string
  readonly detail: string
  readonly chips: readonly RowChip[]
  /** Own time, formatted; empty where it has no meaning. */
  readonly own: string
  /** Did not run, or is not ours to see. */
  readonly muted: boolean
  /** Colour of a service, as a stripe before the name. */
  readonly hue?: number
  readonly bars: readonly Bar[]
  /** The row as a sentence, for hover and screen readers. */
  readonly title: string
}
