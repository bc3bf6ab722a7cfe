// What the two JSON-RPCs have in common for whoever drives a connection: calls go out as text, texts come in and mean something. Text is cut,
// never parsed and printed, so that no digit of a value changes.

import type { ErrorData } from '../../../../shared/base/error.ts'

/** A message that came. */
export type Incoming =
  /** The answer to a call of ours. */
  | { readonly kind: 'answer'; readonly id: number; readonly result: string | undefined; readonly fault: ErrorData | undefined; readonly shown: string }
  /** Everything else that a person should see: notifications, calls of the server, callbacks. `reply`: what the server wants to hear back. */
  | { readonly kind: 'said'; readonly name: ':notification' | ':callback' | ':call'; readonly shown: string; readonly reply?: string }
  /** Heartbeats and the like. */
  | { readonly kind: 'nothing' }
  /** The server says goodbye in words of its own. */
  | { readonly kind: 'goodbye'; readonly code: number; readonly reason: string }

/** One connection's state of a dialect; ids are its own. Functions throw KiteError. */
export interface Dialect {
  /** The server was given functions of ours to call whenever it likes: an answer does not end what it may say. */
  readonly awaitsCallbacks: boolean
  /** Text of a call, and the id by which its answer comes. */
  call(method: string, params: string): { readonly text: string; readonly id: number }
  /** Text of a call that nobody answers. */
  notify(method: string, params: string): string
  /** What is to be sent for a message of a stream: a call of the method with these parameters, or a message of the user's own. */
  compose(method: string, json: string): { readonly text: string; readonly id: number | undefined }
  /** What a text that came means, one after another: a frame may hold several. */
  read(text: string): readonly Incoming[]
  /** A call that nobody waits for any more. */
  abandon(id: number): void
}
