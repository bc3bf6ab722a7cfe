// A platform for store tests: each request is answered by what the test gave for its channel, each stream is fed by hand. What was asked is
// kept, so that a test can compare it as a whole.

import { Emitter } from '../../shared/base/emitter.ts'
import type { ErrorData } from '../../shared/base/error.ts'
import { err, ok } from '../../shared/base/result.ts'
import type { ChannelName, Input, Output } from '../../shared/ipc/contract.ts'
import type { StreamInput, StreamItem, StreamName } from '../../shared/ipc/streams.ts'
import type { ConnectionState, Platform, StreamReader } from '../../src-renderer/platform/client.ts'

type Answers = { readonly [C in ChannelName]?: (input: Input<C>) => Output<C> | Promise<Output<C>> }

/** One stream that the code under test opened. */
export interface FakeStream<S extends StreamName = StreamName> {
  readonly stream: S
  readonly input: StreamInput<S>
  readonly isClosed: boolean
  give(...items: readonly StreamItem<S>[]): void
  end(): void
  fail(error: ErrorData): void
}

export interface FakePlatform extends Platform {
  readonly requests: readonly { readonly channel: ChannelName; readonly input: unknown }[]
  /** The newest one of this name that was opened. */
  stream<S extends StreamName>(name: S): FakeStream<S>
  setConnection(state: ConnectionState): void
}

/** A channel without an answer is an error of the test. An answer that throws ErrorData becomes a failed Result. */
export function createFakePlatform(answers: Answers = {}): FakePlatform {
  const requests: { readonly channel: ChannelName; readonly input: unknown }[] = []
  const opened: FakeStream[] = []
  const changed = new Emitter<ConnectionState>()
  let connection: ConnectionState = 'connected'
  return {
    requests,
    request: async (channel, input) => {
      requests.push({ channel, input })
      const answer = answers[channel]
      if (answer === undefined) throw new Error(`the test gave no answer for ${channel}`)
      try {
        return ok(await answer(input))
      } catch (caught) {
        if (caught instanceof Error) throw caught
        // A test throws what the engine would send.
        return err(caught as ErrorData)
      }
    },
    openStream: (stream, input, reader) => {
      const fake = fakeStream(stream, input, reader)
      opened.push(fake)
      return { close: fake.close }
    },
    stream: (name) => {
      const found = opened.findLast(({ stream }) => stream === name)
      if (found === undefined) throw new Error(`nobody opened ${name}`)
      return found as never
    },
    pathOf: () => undefined,
    get connection() {
      return connection
    },
    onDidChangeConnection: changed.event,
    setConnection: (state) => {
      connection = state
      changed.fire(state)
    },
  }
}

function fakeStream<S extends StreamName>(stream: S, input: StreamInput<S>, reader: StreamReader<StreamItem<S>>): FakeStream<S> & { close(): void } {
  let isClosed = false
  return {
    stream,
    input,
    get isClosed() {
      return isClosed
    },
    give: (...items) => {
      if (!isClosed) reader.onItems(items)
    },
    end: () => {
      isClosed = true
      reader.onEnd?.()
    },
    fail: (error) => {
      isClosed = true
      reader.onError?.(error)
    },
    close: () => {
      isClosed = true
    },
  }
}
