// The whole of what the window's page can reach: three functions, each refusing what the contract does not name, and the path of a
// dropped file. Sandboxed, so bundled to one CommonJS file; it imports names only, never the schemas.

import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { isChannelName, isStreamName } from '../../shared/ipc/names.ts'
import { type WindowBridge, electronChannels, portMessageKind } from '../../shared/ipc/window-bridge.ts'

/** What of the page this script uses; main's types have no DOM. */
declare const window: { postMessage(data: unknown, origin: string, ports: readonly unknown[]): void }
declare const location: { readonly origin: string }

const bridge: WindowBridge = {
  request: async (channel, input, id) => {
    if (!isChannelName(channel)) throw new Error(`no such channel: ${String(channel)}`)
    return ipcRenderer.invoke(electronChannels.request, { channel, input, id })
  },
  cancel: (id) => ipcRenderer.send(electronChannels.cancel, { id }),
  openStream: (channel, input, nonce) => {
    if (!isStreamName(channel)) throw new Error(`no such stream: ${String(channel)}`)
    const { port1, port2 } = new MessageChannel()
    ipcRenderer.postMessage(electronChannels.stream, { channel, input }, [port2])
    window.postMessage({ kind: portMessageKind, nonce }, location.origin, [port1])
  },
  pathOf: (file) => (file instanceof File ? webUtils.getPathForFile(file) || undefined : undefined),
}

contextBridge.exposeInMainWorld('kite', bridge)
