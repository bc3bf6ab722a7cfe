// The renderer's only way to the engine: typed requests and streams over whichever bridge the host gives (Electron's preload script,
// a page's WebSocket, a test's MessageChannel). Stores import this file's types and are given a Platform; views never see it.

import { Emitter, type Event } from '../../shared/base/emitter.ts'
import type { ErrorData } from '../../shared/base/error.ts'
import { type Result, err } from '../../shared/base/result.ts'
import type { ChannelName, Input, Output } from '../../shared/ipc/contract.ts'
import type { Bridge, StreamPort, ToReader } from '../../shared/ipc/protocol.ts'
import type { StreamInput, StreamItem, StreamName } from '../../shared/ipc/streams.ts'

/** `reconnecting`: a page lost its socket and tries again; `lost`: it must be opened anew from the address that the host prints. */
export type ConnectionState = 'connected' | 'reconnecting' | 'lost'

/** What a stream's opener is told. After `onEnd` or `onError` nothing follows. */
export interface StreamReader<T> {
  /** One batch, at most 512 items, in order. */
  onItems(items: readonly T[]): void
  onEnd?(): void
  onError?(error: ErrorData): void
}

/** An open stream; closing it twice does nothing. Closing `call.run` cancels the call. */
export interface OpenStream {
  close(): void
}

/** What stores are given. */
export interface Platform {
  /** Never rejects: what can fail is in the Result. Aborting the signal cancels the work in the engine too. */
  request<C extends ChannelName>(channel: C, input: Input<C>, signal?: AbortSignal): Promise<Result<Output<C>>>
  /** Watches (every stream but `call.run`) are opened again by themselves after a page's socket came back. */
  openStream<S extends StreamName>(stream: S, input: StreamInput<S>, reader: StreamReader<StreamItem<S>>): OpenStream
  /** Absolute path of a dropped file; undefined in a page, which sends the text instead (`workspace.addIdlText`). */
  pathOf(file: unknown): string | undefined
  readonly connection: ConnectionState
  readonly onDidChangeConnection: Event<ConnectionState>
}

/** A bridge that may lose its host for a while: only a page's socket. */
export interface LosableBridge extends Bridge {
  readonly connection: ConnectionState
  readonly onDidChangeConnection: Event<ConnectionState>
}

/** Joins a platform to a bridge. */
export function createPlatform(bridge: Bridge | LosableBridge): Platform {
  let lastId = 0
  const losable = 'onDidChangeConnection' in bridge ? bridge : undefined
  const never = new Emitter<ConnectionState>()
  return {
    request: (channel, input, signal) => request(bridge, channel, input, ++lastId, signal),
    openStream: (stream, input, reader) => openStream(bridge, losable, stream, input, reader),
    pathOf: (file) => bridge.pathOf(file),
    get connection() {
      return losable?.connection ?? 'connected'
    },
    onDidChangeConnection: losable?.onDidChangeConnection ?? never.event,
  }
}

const cancelled: ErrorData = { code: 'cancelled', layer: 'ipc', text: { key: 'error.cancelled' } }

async function request<C extends ChannelName>(bridge: Bridge, channel: C, input: Input<C>, id: number, signal?: AbortSignal): Promise<Result<Output<C>>> {
  if (signal?.aborted === true) return err(cancelled)
  const cancel = (): void => bridge.cancel(id)
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    // The router's handlers are typed by the same contract, so what comes back is this channel's output.
    return (await bridge.request(channel, input, id)) as Result<Output<C>>
  } catch (caught) {
    return err(hostGone(caught))
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}

function hostGone(caught: unknown): ErrorData {
  const message = caught instanceof Error ? caught.message : String(caught)
  return { code: 'internal', layer: 'ipc', text: { key: 'error.internal', params: { message } } }
}

function openStream<S extends StreamName>(
  bridge: Bridge, losable: LosableBridge | undefined, stream: S, input: StreamInput<S>, reader: StreamReader<StreamItem<S>>,
): OpenStream {
  let port: StreamPort | undefined
  let isOver = false
  const finish = (): void => {
    isOver = true
    port = undefined
    reconnect?.dispose()
  }
  const connect = (): void => {
    const opened = bridge.openStream(stream, input)
    port = opened
    opened.onMessage((message) => {
      if (isOver || port !== opened) return
      if (message.kind !== 'data') finish()
      deliver(opened, reader, message)
    })
  }
  // A call cannot be resumed: its socket bridge ends it with an error. A watch starts over with the present state.
  const reconnect = stream === 'call.run' ? undefined : losable?.onDidChangeConnection((state) => {
    if (state === 'connected' && !isOver) connect()
  })
  connect()
  return {
    close: () => {
      const open = port
      if (isOver) return
      finish()
      open?.send({ kind: 'close' })
    },
  }
}

/** Hands a message to the reader, and grants as many items as it took: the sender never runs more than one window ahead. */
function deliver<T>(port: StreamPort, reader: StreamReader<T>, message: ToReader): void {
  if (message.kind === 'end') reader.onEnd?.()
  else if (message.kind === 'error') reader.onError?.(message.error)
  else {
    // Items are typed by the stream's declaration, which the sending side is checked against.
    reader.onItems(message.items as readonly T[])
    port.send({ kind: 'credit', items: message.items.length })
  }
}

