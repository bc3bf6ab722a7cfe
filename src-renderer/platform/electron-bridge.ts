// The bridge over Electron's preload script. Each stream's port arrives as a message event of this window, told apart by its nonce; what
// is sent before it arrives waits in line.

import type { Bridge, FromReader, StreamPort, ToReader } from '../../shared/ipc/protocol.ts'
import { type WindowBridge, portMessageKind } from '../../shared/ipc/window-bridge.ts'

/** Wraps `window.kite`. */
export function createElectronBridge(kite: WindowBridge, host: Window): Bridge {
  return {
    request: (channel, input, id) => kite.request(channel, input, id),
    cancel: (id) => kite.cancel(id),
    openStream: (channel, input) => openStream(kite, host, channel, input),
    pathOf: (file) => kite.pathOf(file),
  }
}

function openStream(kite: WindowBridge, host: Window, channel: string, input: unknown): StreamPort {
  const nonce = crypto.randomUUID()
  const unsent: FromReader[] = []
  let listener: ((message: ToReader) => void) | undefined
  let port: MessagePort | undefined
  const receive = (event: MessageEvent): void => {
    const arrived = event.ports[0]
    if (event.source !== host || !isPortMessage(event.data, nonce) || arrived === undefined) return
    host.removeEventListener('message', receive)
    port = arrived
    // Only the host's router holds the other end, and it is typed to send nothing else.
    arrived.onmessage = ({ data }: MessageEvent<ToReader>) => listener?.(data)
    for (const message of unsent) arrived.postMessage(message)
  }
  host.addEventListener('message', receive)
  kite.openStream(channel, input, nonce)
  return {
    send: (message) => {
      if (port === undefined) unsent.push(message)
      else port.postMessage(message)
      if (message.kind === 'close') setTimeout(() => port?.close(), 0)
    },
    onMessage: (next) => {
      listener = next
    },
  }
}

const isPortMessage = (data: unknown, nonce: string): boolean =>
  typeof data === 'object' && data !== null && 'kind' in data && data.kind === portMessageKind && 'nonce' in data && data.nonce === nonce
