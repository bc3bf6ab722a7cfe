// What crosses between a window (or page) and the engine's host. The same messages run over Electron IPC, MessagePorts and a WebSocket.

import type { Result } from '../base/result.ts'
import type { ErrorData } from '../base/error.ts'

/** What a preload script or a page's socket client gives the renderer as `window.kite`. */
export interface Bridge {
  request(channel: string, input: unknown, id: number): Promise<Result<unknown>>
  cancel(id: number): void
  openStream(channel: string, input: unknown): StreamPort
  /** Absolute path of a dropped file, where the host can tell. */
  pathOf(file: unknown): string | undefined
}

/** One end of a stream; the other end is the host. */
export interface StreamPort {
  send(message: FromReader): void
  onMessage(listener: (message: ToReader) => void): void
}

export type ToReader =
  | { readonly kind: 'data'; readonly items: readonly unknown[] }
  | { readonly kind: 'end' }
  | { readonly kind: 'error'; readonly error: ErrorData }

export type FromReader = { readonly kind: 'credit'; readonly items: number } | { readonly kind: 'close' }

export const batchItems = 512
export const batchMs = 16
export const initialCredit = 2048
