// The OTLP receivers: where they listen, how many spans came. Starting and stopping is the user's.

import { createStore } from 'zustand/vanilla'
import type { ErrorData } from '../../shared/base/error.ts'
import type { ReceiverStatus } from '../../shared/model/trace.ts'
import type { Platform } from '../platform/client.ts'
import type { NoticesStore } from './notices.ts'
import type { Slice } from './state.ts'

export interface ReceiverState {
  readonly status: ReceiverStatus | undefined
  readonly error: ErrorData | undefined
}

export interface ReceiverStore extends Slice<ReceiverState> {
  start(grpcPort: number, httpPort: number): Promise<void>
  stop(): Promise<void>
}

export function createReceiverStore(platform: Platform, notices: NoticesStore): ReceiverStore {
  const store = createStore<ReceiverState>(() => ({ status: undefined, error: undefined }))
  platform.openStream('receiver.watch', undefined, {
    onItems: (items) => store.setState({ status: items[items.length - 1], error: undefined }),
    onError: (error) => store.setState({ error }),
  })
  return {
    store,
    start: async (grpcPort, httpPort) => {
      const result = await platform.request('receiver.start', { grpcPort, httpPort })
      if (result.ok) store.setState({ status: result.value })
      else notices.fail(result.error)
    },
    stop: async () => {
      const result = await platform.request('receiver.stop', undefined)
      if (result.ok) store.setState({ status: result.value })
      else notices.fail(result.error)
    },
  }
}
