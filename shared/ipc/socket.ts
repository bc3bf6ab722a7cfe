// What a page and `kite serve` say to each other over their one WebSocket: the Bridge of protocol.ts, flattened into messages with numbers
// that the page gives. Text frames of wire-json.ts.

import type { Result } from '../base/result.ts'
import type { FromReader, ToReader } from './protocol.ts'

export type FromPage =
  | { readonly kind: 'request'; readonly id: number; readonly channel: string; readonly input: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'open'; readonly stream: number; readonly channel: string; readonly input: unknown }
  | { readonly kind: 'stream'; readonly stream: number; readonly message: FromReader }

export type ToPage =
  | { readonly kind: 'result'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'stream'; readonly stream: number; readonly message: ToReader }

/** Where the socket and the check of the session stand, relative to the page. */
export const socketPath = 'socket'
export const sessionPath = 'session'
/** Beyond this a message is refused: dropped IDL files are the largest honest ones. */
export const messageLimit = 64 * 1024 * 1024
