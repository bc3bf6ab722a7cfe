// Electron's messages to the router: checks that each came from the main frame of a window of ours, hands stream ports over, and ends a
// page's session when it reloads, crashes or closes.

import { type IpcMainEvent, type IpcMainInvokeEvent, type MessagePortMain, type WebContents, type WebFrameMain, ipcMain } from 'electron'
import { electronChannels } from '../../shared/ipc/window-bridge.ts'
import type { Session } from '../host/router.ts'
import type { HostPort } from '../host/stream-pump.ts'
import { isOwnAddress } from './protocol.ts'

/** Sessions come from a promise, so that the window may ask before the engine has started. */
export type OpenSession = () => Promise<Session>

/** Listens; windows are told apart by their web contents. */
export class WindowSessions {
  readonly #open: OpenSession
  readonly #sessions = new Map<number, Promise<Session>>()

  constructor(open: OpenSession) {
    this.#open = open
    ipcMain.handle(electronChannels.request, async (event, message: unknown) => {
      const session = await this.#of(event.sender)
      return session.request(member(message, 'channel'), member(message, 'input'), member(message, 'id'), isTrusted(event))
    })
    ipcMain.on(electronChannels.cancel, (event, message: unknown) => {
      if (isTrusted(event)) void this.#of(event.sender).then((session) => session.cancel(member(message, 'id')))
    })
    ipcMain.on(electronChannels.stream, (event, message: unknown) => {
      const [port] = event.ports
      const trusted = isTrusted(event)
      if (port === undefined) return
      const host = hostPort(port)
      void this.#of(event.sender).then((session) => session.openStream(member(message, 'channel'), member(message, 'input'), host, trusted))
    })
  }

  /** Call once for each window. */
  follow(contents: WebContents): void {
    const id = contents.id
    contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) this.#end(id)
    })
    contents.on('render-process-gone', () => this.#end(id))
    contents.on('destroyed', () => this.#end(id))
  }

  #of(contents: WebContents): Promise<Session> {
    const known = this.#sessions.get(contents.id) ?? this.#open()
    this.#sessions.set(contents.id, known)
    return known
  }

  #end(id: number): void {
    void this.#sessions.get(id)?.then((session) => session.dispose())
    this.#sessions.delete(id)
  }
}

/** Only the main frame of a page of ours: a frame inside it, or a page elsewhere, is a stranger. */
function isTrusted({ sender, senderFrame }: IpcMainEvent | IpcMainInvokeEvent): boolean {
  return senderFrame !== null && isSame(senderFrame, sender.mainFrame) && isOwnAddress(senderFrame.url)
}

const isSame = (a: WebFrameMain, b: WebFrameMain): boolean => a.processId === b.processId && a.routingId === b.routingId

function hostPort(port: MessagePortMain): HostPort {
  port.start()
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
    onClose: (listener) => port.on('close', listener),
    close: () => port.close(),
  }
}

const member = (message: unknown, name: string): unknown =>
  typeof message === 'object' && message !== null ? Object.getOwnPropertyDescriptor(message, name)?.value : undefined
