// Streams on the command line against a real Kitex, over both of its streaming protocols: what comes when, on which output, and how it ends.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepKite } from '../support/kite-process.ts'
import { buildPatienceMs, kitexMissing, kitexStreamsIdl, type KitexServer, startKitexServer } from '../support/peers/kitex.ts'
import { runKite, startKite } from '../support/run-kite.ts'

const missing = kitexMissing()
const folder = mkdtempSync(join(tmpdir(), 'kite-stream-'))
const lines = (text: string): readonly Record<string, unknown>[] => text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
afterAll(() => rmSync(folder, { recursive: true }))
const note = (number: number): string => `{"text":"n${number}","number":${number}}`

describe.skipIf(missing !== undefined).each(['ttheader-streaming', 'grpc'])(`kite call on streams over %s${missing === undefined ? '' : ` (skipped: ${missing})`}`, (transport) => {
  let kitex: KitexServer
  beforeAll(async () => { kitex = await startKitexServer() }, buildPatienceMs)
  afterAll(() => kitex.stop())

  const argumentsOf = (method: string, args: readonly string[]): readonly string[] => ['call', `Streams/${method}`, '--idl', kitexStreamsIdl, '-e', kitex.thrift, '--transport', transport, '--connect-timeout', '2s', ...args]
  const call = (method: string, args: readonly string[], stdin?: string) => runKite(argumentsOf(method, args), stdin === undefined ? {} : { stdin })

  it('prints each message on a line of its own, every digit exact', async () => {
    expect(await call('Chat', ['-d', `${note(1)} {"text":"n2","number":9007199254740993}`])).toEqual({ code: 0, stdout: `${note(1)}\n{"text":"n2","number":9007199254740993}\n`, stderr: '' })
    expect(await call('List', ['-d', '{"count":3}'])).toEqual({ code: 0, stdout: [0, 1, 2].map((number) => `{"text":"","number":${number}}\n`).join(''), stderr: '' })
  })

  it('prints the one answer of a client\'s stream as that of any call', async () => {
    expect(await call('Collect', ['-d', `${note(1)}${note(2)}`])).toEqual({ code: 0, stdout: '{\n  "count": 2,\n  "sum": 3,\n  "last": "n2"\n}\n', stderr: '' })
  })

  it('sends a file of messages, a message as long as several lines too', async () => {
    const path = join(folder, 'messages.jsonl')
    writeFileSync(path, `${note(1)}\n{\n  "text": "n2",\n  "number": 2\n}\n\n${note(3)}`)
    expect(await call('Chat', ['-f', path])).toEqual({ code: 0, stdout: [1, 2, 3].map((n) => `${note(n)}\n`).join(''), stderr: '' })
  })

  it('answers what is typed before the next is typed, and ends sending at the end of input', async () => {
    const kite = keepKite(argumentsOf('Chat', ['-d', '@-']))
    for (const number of [1, 2, 3]) {
      kite.child.stdin?.write(`${note(number)}\n`)
      await kite.says(new RegExp(`"n${number}"`))
    }
    const ended = new Promise((resolve) => kite.child.on('close', resolve))
    kite.child.stdin?.end()
    expect(await ended).toBe(0)
    expect(kite.stdout()).toBe([1, 2, 3].map((n) => `${note(n)}\n`).join(''))
  })

  it('tells everything as it happens with -o ndjson, the record last', async () => {
    const { code, stdout } = await call('Chat', ['-d', `{"text":"n1","number":1,"plan":{"count":1,"header":{"h":"1"},"trailer":{"t":"2"}}} ${note(2)}`, '-o', 'ndjson'])
    const told = lines(stdout)
    const record = told.at(-1)
    const own = told.slice(0, -1).filter(({ event }) => event !== 'enter' && event !== 'leave')
    expect(code).toBe(0)
    expect(told.slice(0, -1).map(({ seq }) => seq)).toEqual(told.slice(0, -1).map((_line, n) => n))
    expect(own[0]).toMatchObject({ event: 'start', method: 'Streams/Chat' })
    expect(own.filter(({ event }) => event === 'send').map(({ index, value }) => [index, value])).toEqual([[0, { text: 'n1', number: 1, plan: { count: 1, header: { h: '1' }, trailer: { t: '2' } } }], [1, { text: 'n2', number: 2 }]])
    expect(own.filter(({ event }) => event === 'message')[1]).toEqual({ event: 'message', seq: expect.any(Number) as unknown, atNs: expect.stringMatching(/^\d+$/) as unknown, index: 1, bytes: expect.any(Number) as unknown, value: { text: 'n2', number: 2 } })
    expect(own.map(({ event }) => event)).toContain('half-close')
    for (const [event, key, value] of [['header', 'h', '1'], ['trailer', 't', '2']]) expect(own).toContainEqual({ event, seq: expect.any(Number) as unknown, atNs: expect.any(String) as unknown, key, value })
    expect(own.at(-1)).toMatchObject({ event: 'end', outcome: 'ok' })
    expect(record).toMatchObject({ outcome: 'ok', transport, stream: { sent: 2, received: 2, kept: [] } })
  })

  it('keeps the messages in the record with -o json', async () => {
    const { stdout } = await call('Chat', ['-d', note(1), '-o', 'json'])
    const { stream, response } = JSON.parse(stdout) as { stream: { kept: readonly Record<string, unknown>[] }; response: unknown }
    expect(response).toBeNull()
    expect(stream).toMatchObject({ sent: 1, received: 1, left: 0 })
    expect(stream.kept.filter(({ event }) => event === 'send' || event === 'message').map(({ event, value }) => [event, value])).toEqual([['send', { text: 'n1', number: 1 }], ['message', { text: 'n1', number: 1 }]])
  })

  it('keeps on stdout what came before an error, and tells the error by exit code and on stderr', async () => {
    const biz = await call('List', ['-d', '{"count":2,"end":"biz","text":"said"}'])
    expect([biz.code, lines(biz.stdout).length]).toEqual([1, 2])
    expect(biz.stderr).toContain('said')
    const missingMethod = await call('Lst', ['-d', '{}'])
    expect([missingMethod.code, missingMethod.stdout]).toEqual([2, ''])
    expect(missingMethod.stderr).toContain('Did you mean')
  })

  it('stops at a message that does not fit, and says where in the file it stands', async () => {
    const path = join(folder, 'bad.jsonl')
    writeFileSync(path, `${note(1)}\n{"text":"x","nmber":2}\n`)
    const { code, stderr } = await call('Chat', ['-f', path])
    expect(code).toBe(2)
    expect(stderr).toBe(`kite: ${path}:2:13 nmber: Note has no field "nmber". Did you mean "number"?\n`)
  })

  it('says that a file of messages is not there before it calls', async () => {
    const { code, stderr } = await call('Chat', ['-f', join(folder, 'none.jsonl')])
    expect([code, stderr.includes('none.jsonl')]).toEqual([2, true])
  })

  it('stops when messages enough came', async () => {
    expect(await call('List', ['-d', '{"count":100000}', '--limit', '2'])).toEqual({ code: 0, stdout: '{"text":"","number":0}\n{"text":"","number":1}\n', stderr: '' })
  })

  it('gives up when no message comes for so long', async () => {
    const { code, stdout, stderr } = await call('List', ['-d', '{"count":1,"end":"wait"}', '--recv-timeout', '200ms'])
    expect([code, stdout]).toEqual([4, '{"text":"","number":0}\n'])
    expect(stderr).toContain('200 ms')
  })

  it('cancels on Ctrl-C, and the server hears of it', async () => {
    const kite = keepKite(argumentsOf('List', ['-d', '{"count":1,"end":"wait"}']))
    await kite.says(/"number":0/)
    expect(await kite.stop()).toBe(130)
    const ends = await runKite(['call', 'Streams/Ends', '--idl', kitexStreamsIdl, '-e', kitex.thrift, '-d', '{}', '--connect-timeout', '2s'])
    expect(ends.stdout).toContain('List')
  })

  it('ends quietly when its reader has gone', async () => {
    const child = startKite(argumentsOf('List', ['-d', '{"count":1000000}']))
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => { stderr += chunk.toString() })
    const ended = new Promise((resolve) => child.on('close', resolve))
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect([await ended, stderr]).toEqual([0, ''])
  })

  it('paces what it sends', async () => {
    const { stdout } = await call('Chat', ['-d', [1, 2, 3, 4].map(note).join(' '), '--rate', '20', '-o', 'ndjson'])
    const sent = lines(stdout).filter(({ event }) => event === 'send').map(({ atNs }) => Number(atNs) / 1e6)
    const gaps = sent.slice(1).map((at, n) => at - (sent[n] ?? 0))
    expect(gaps).toHaveLength(3)
    // Three steps of 50 ms: what one message is late the next makes good for.
    expect((sent.at(-1) ?? 0) - (sent[0] ?? 0)).toBeGreaterThan(100)
  })
})
