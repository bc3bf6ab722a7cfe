// What a window asks of a stream that runs or has ended, and what it gets: states, pages and hits, never one item a message.

import type { ErrorData } from '../base/error.ts'
import type { StreamCounts, StreamEntry } from './stream.ts'

/** Which entries a view shows. */
export const streamFilters = ['all', 'sent', 'received'] as const
export type StreamFilter = (typeof streamFilters)[number]

/** Positions `[first, end)` that can be read. They count what was ever kept, so that a position means the same entry for as long as it is kept. */
export interface StreamRows {
  readonly first: number
  readonly end: number
}

/** A stream's log at one moment. */
export interface StreamLogState {
  readonly counts: StreamCounts
  readonly rows: Readonly<Record<StreamFilter, StreamRows>>
  /** Entries that fell out since newer ones needed the room. */
  readonly dropped: number
  /** Entries that were counted and not kept. */
  readonly skipped: number
  readonly isCountOnly: boolean
  /** On disk. */
  readonly bytes: number
  /** Why nothing is kept any more, such as a full disk. */
  readonly error?: ErrorData
}

/** A stream as it is driven. */
export interface StreamState extends StreamLogState {
  readonly isOpen: boolean
  /** Nothing more will be sent: the half-close went or was asked for. */
  readonly isSendClosed: boolean
  readonly isPaused: boolean
  /** Messages asked to be sent that flow control has not taken. */
  readonly queued: number
  /** Of a file that is being sent. */
  readonly sending?: { readonly done: number; readonly rate: number }
  /** Why the last thing that was asked to be sent could not be. */
  readonly sendError?: ErrorData
}

/** Entries from a position on; long messages are cut. */
export interface StreamPage {
  readonly from: number
  readonly entries: readonly StreamRow[]
}

/** `cut`: the message's JSON goes on; its whole length in UTF-16 units. */
export type StreamRow = StreamEntry & { readonly cut?: number }

/** Positions that a search found so far. */
export interface StreamHits {
  readonly hits: readonly number[]
  /** Where to go on; equal to the end when all was searched. */
  readonly searchedTo: number
}
