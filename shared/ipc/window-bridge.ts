// What Electron's preload script puts on `window.kite`: three functions and the path of a dropped file. A stream's port cannot pass
// through the context bridge, so it follows by window.postMessage with the nonce that the opener chose.

import type { Result } from '../base/result.ts'

export interface WindowBridge {
  request(channel: string, input: unknown, id: number): Promise<Result<unknown>>
  cancel(id: number): void
  /** The port arrives as a `message` event whose data is `{ kind: 'kite-port', nonce }`. */
  openStream(channel: string, input: unknown, nonce: string): void
  pathOf(file: unknown): string | undefined
}

export const portMessageKind = 'kite-port'

/** Electron channels between the preload script and main; nothing else is ever sent. */
export const electronChannels = { request: 'kite:request', cancel: 'kite:cancel', stream: 'kite:stream' } as const
