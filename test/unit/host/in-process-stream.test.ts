// A stream as a window drives it, over the true contract and engine, against grpc-js.

import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChannelName, Input, Output } from '../../../shared/ipc/contract.ts'
import type { CallEvent } from '../../../shared/model/call-event.ts'
import type { CallRecord, CallRequestInput } from '../../../shared/model/call.ts'
import { type InProcess, openInProcess } from '../../support/in-process.ts'
import { chatProto, startChatServer, type ChatServer } from '../../support/peers/grpc-js.ts'

let folder: string
let window: InProcess
let server: ChatServer
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kite-streams-'))
  await copyFile(chatProto, join(folder, 'chat.proto'))
  await writeFile(join(folder, 'kite.json'), '{"format":1,"name":"chat","idl":{"paths":["chat.proto"]}}')
  server = await startChatServer()
  window = await openInProcess({ workspace: folder })
})
afterEach(async () => {
  await window.dispose()
  server.close()
  await rm(folder, { recursive: true, force: true })
})

interface Running {
  readonly id: string
  readonly events: readonly CallEvent[]
  readonly ended: Promise<CallRecord>
  cancel(): void
}

function run(method: string, body: string): Promise<Running> {
  const request: CallRequestInput = { idl: { paths: [] }, method: `chat.Chat/${method}`, body, target: { kind: 'direct', endpoints: [server.address] }, timeoutMs: 0, connectTimeoutMs: 2000 }
  const events: CallEvent[] = []
  return new Promise((started, failed) => {
    let end: (record: CallRecord) => void = () => undefined
    const ended = new Promise<CallRecord>((resolve) => { end = resolve })
    const stream = window.platform.openStream('call.run', request, {
      onItems: (items) => {
        for (const event of items) {
          events.push(event)
          if (event.kind === 'started') started({ id: event.id, events, ended, cancel: () => stream.close() })
          if (event.kind === 'ended') end(event.record)
        }
      },
      onError: (error) => failed(new Error(JSON.stringify(error))),
    })
  })
}

async function ask<C extends ChannelName>(channel: C, input: Input<C>): Promise<Output<C>> {
  const result = await window.platform.request(channel, input)
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

/** Asks until it holds: a stream goes on by itself. */
async function until<C extends ChannelName>(channel: C, input: Input<C>, holds: (value: Output<C>) => boolean): Promise<Output<C>> {
  for (;;) {
    const value = await ask(channel, input)
    if (holds(value)) return value
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

describe('a stream of a window', () => {
  it('is opened by the body, spoken on, and ended by the window', async () => {
    const { id, ended, events } = await run('Talk', '{"text":"one"}')
    await ask('stream.send', { callId: id, json: '{"text":"two","number":9007199254740993}' })
    await until('stream.state', { callId: id }, ({ counts }) => counts.received === 2)
    expect(server.heard).toEqual(['one', 'two'])
    await ask('stream.closeSend', { callId: id })
    const record = await ended
    expect(record).toMatchObject({ outcome: 'ok', stream: { sent: 2, received: 2, left: 0 } })
    expect((await ask('stream.read', { callId: id, from: 0, count: 100, filter: 'received' })).entries.map((entry) => (entry.event === 'message' ? entry.json : entry.event))).toEqual(['{"text":"one"}', '{"text":"two","number":9007199254740993}'])
    expect((await ask('stream.search', { callId: id, text: 'TWO', from: 0 })).hits).toHaveLength(2)
    expect(events.map(({ kind }) => kind)).not.toContain('message')
    // The record comes before it is in the history, and the stream ends after that.
    await until('stream.state', { callId: id }, ({ isOpen }) => !isOpen)
    await ask('stream.forget', { callId: id })
    expect(await window.platform.request('stream.state', { callId: id })).toMatchObject({ ok: false, error: { text: { key: 'stream.unknown' } } })
  })

  it('refuses a message that does not fit, and goes on', async () => {
    const { id, ended } = await run('Talk', '')
    await ask('stream.send', { callId: id, json: '{"texd":"one"}' })
    expect((await until('stream.state', { callId: id }, ({ sendError }) => sendError !== undefined)).sendError).toMatchObject({ code: 'body', at: { line: 1, path: 'texd' } })
    await ask('stream.send', { callId: id, json: '{"text":"two"}' })
    await until('stream.state', { callId: id }, ({ counts, sendError }) => counts.received === 1 && sendError === undefined)
    await ask('stream.closeSend', { callId: id })
    expect((await ended).outcome).toBe('ok')
  })

  it('is held back while it is paused, and can be cancelled then', async () => {
    const { id, cancel } = await run('List', '{"count":1000000,"text":"a message of some length, so that windows fill"}')
    await until('stream.state', { callId: id }, ({ counts }) => counts.received > 0)
    await ask('stream.pause', { callId: id })
    let written = -1
    while (written !== server.written()) {
      written = server.written()
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(written).toBeLessThan(1_000_000)
    const { counts } = await ask('stream.state', { callId: id })
    expect((await ask('stream.state', { callId: id })).counts).toEqual(counts)
    cancel()
    expect((await until('stream.state', { callId: id }, ({ isOpen }) => !isOpen)).counts.received).toBeGreaterThan(0)
  })

  it('announces counts some times a second, and never one item a message', async () => {
    const { events, ended } = await run('List', '{"count":20000}')
    expect((await ended).stream).toMatchObject({ received: 20_000, left: 19_003 })
    expect(events.length).toBeLessThan(500)
  })
})
