// JSON-RPC over WebSocket: kite's dialect against kite.js, and JSON-RPC 2.0 against a double written here on the `ws` package, which does the
// WebSocket part itself.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine, type StreamPort } from '../../src-main/engine/index.ts'
import { runKiteJsClient, startKiteJs, type KiteJsServer } from '../support/peers/kite-js.ts'

let engine: Engine
beforeAll(() => {
  engine = createEngine(systemPorts({ baseDir: '.' }))
})
afterAll(() => engine.dispose())

type More = Partial<CallRequestInput>

const requestAt = (address: string, method: string, body: string, http: CallRequestInput['http']): CallRequestInput => (
  { idl: { paths: [] }, method, body, target: { kind: 'direct', endpoints: [address] }, transport: 'jsonrpc-ws', timeoutMs: 5000, connectTimeoutMs: 2000, http })

const callAt = (address: string, method: string, body: string, http: CallRequestInput['http'], more: More = {}): Promise<CallRecord> => engine.call({ ...requestAt(address, method, body, http), ...more })

describe('kite\'s JSON-RPC against kite.js', () => {
  let kite: KiteJsServer
  beforeAll(async () => {
    kite = await startKiteJs()
  }, 30_000)
  afterAll(() => kite.stop())

  describe.each(['sockjs', 'websocket'] as const)('over %s', (form) => {
    const call = (method: string, body: string, more: More = {}): Promise<CallRecord> => callAt(kite[form], method, body, { dialect: 'kite', path: form === 'sockjs' ? '/kite' : '' }, more)

    it('calls and gets what kite.js\'s own client gets', async () => {
      const url = form === 'sockjs' ? `http://${kite.sockjs}/kite` : `ws://${kite.websocket}`
      expect([await call('square', '[12]'), await runKiteJsClient(url, 'square', [12])]).toMatchObject([{ outcome: 'ok', response: '144', transport: 'jsonrpc-ws' }, { result: 144 }])
      expect(await call('join', '["a",{"b":[1]}]')).toMatchObject({ outcome: 'ok', response: '["a",{"b":[1]}]' })
      expect(await call('kite.ping', '')).toMatchObject({ outcome: 'ok', response: '"pong"' })
      expect(await call('kite.echo', '{"one":"argument"}')).toMatchObject({ outcome: 'ok', response: '{"one":"argument"}' })
    })

    it('is called back, before the answer and after it', async () => {
      const record = await call('count', '[{"times":2,"tick":"[Function]"}]')
      expect([record.response, record.headers.filter(([name]) => name === ':callback')]).toEqual(['"counted"', [
        // kite.js's server sends the arguments of any callback as an error and a result.
        [':callback', '{"callback":"withArgs[0].tick","arguments":[{"error":null,"result":1}]}'], [':callback', '{"callback":"withArgs[0].tick","arguments":[{"error":null,"result":2}]}'],
      ]])
    })

    it('streams what comes after the answer, though nothing more is sent, until it is cancelled', async () => {
      const cancel = new AbortController()
      const heard: string[] = []
      const port: StreamPort = {
        async *input() {
          yield '["[Function]"]'
        },
        onEntries: (entries) => {
          for (const entry of entries) if (entry.event === 'message') heard.push(entry.json)
          if (heard.length === 4) cancel.abort()
        },
      }
      const record = await engine.call({ ...requestAt(kite[form], 'subscribe', '', { dialect: 'kite', path: form === 'sockjs' ? '/kite' : '' }), stream: {} }, { stream: port, signal: cancel.signal })
      expect([record.outcome, heard]).toEqual(['cancelled', [
        '{"callback":"responseCallback","arguments":[{"error":null,"result":"subscribed"}]}',
        ...[1, 2, 3].map((n) => `{"callback":"withArgs[0]","arguments":[{"error":null,"result":{"n":${n}}}]}`),
      ]])
    })

    it('takes an error for a failure with its type', async () => {
      expect(await call('fail', '')).toMatchObject({
        outcome: 'failed', error: { layer: 'remote', text: { key: 'ws.kiteError', params: { type: 'argumentError', message: 'asked for' } }, exception: { type: 'argumentError', json: '{"type":"argumentError","message":"asked for","code":7}' } },
      })
    })
  })
})

describe('JSON-RPC 2.0 against a double on ws', () => {
  let server: Server
  let address = ''
  const sockets: WebSocket[] = []
  const seen: { readonly url: string; readonly headers: readonly string[] }[] = []

  beforeAll(async () => {
    server = createServer((_request, response) => response.writeHead(404).end('no such page'))
    const sink = new WebSocketServer({ noServer: true })
    server.on('upgrade', (request, socket, head) => {
      if (request.url === '/refused') return void socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 8\r\n\r\nno token')
      seen.push({ url: request.url ?? '', headers: request.rawHeaders })
      sink.handleUpgrade(request, socket, head, (webSocket) => {
        sockets.push(webSocket)
        webSocket.on('message', (data: Buffer) => answer(webSocket, data.toString()))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    for (const socket of sockets) socket.terminate()
    server.close()
  })

  /** Digits are kept by cutting the text: this double never parses what it echoes. */
  function answer(socket: WebSocket, text: string): void {
    const { id, method } = JSON.parse(text) as { id?: number; method: string }
    const params = /"params":(.*)\}$/s.exec(text)?.[1] ?? 'null'
    const reply = (rest: string): void => socket.send(`{"jsonrpc":"2.0",${rest},"id":${id}}`)
    switch (method) {
      case 'echo':
        return reply(`"result":${params}`)
      case 'fail':
        return reply('"error":{"code":-32602,"message":"bad params","data":{"at":"/0"}}')
      case 'late':
        return void setTimeout(() => reply('"result":"late"'), 50)
      case 'notifies':
        socket.send('{"jsonrpc":"2.0","method":"progress","params":{"n":1}}')
        return reply('"result":1')
      case 'subscribe':
        reply('"result":"subscribed"')
        for (let n = 1; n <= 3; n++) socket.send(`{"jsonrpc":"2.0","method":"tick","params":[${n}]}`)
        return
      case 'close':
        return socket.close(4001, 'enough')
      case 'garbage':
        return socket.send('no json')
      case 'fragments':
        socket.send(`{"jsonrpc":"2.0","id":${id},`, { fin: false })
        return socket.send('"result":"joined"}', { fin: true })
      case 'ping':
        socket.ping()
        return void socket.once('pong', () => reply('"result":"ponged"'))
      default:
        if (id !== undefined) reply('"error":{"code":-32601,"message":"Method not found"}')
    }
  }

  const call = (method: string, body = '', more: More = {}, path = '/rpc'): Promise<CallRecord> => callAt(address, method, body, { path }, more)

  it('calls with an array, an object, one value or nothing, every digit kept', async () => {
    expect(await Promise.all(['[1,9007199254740993]', '{"a":1.10}', '7', ''].map(async (body) => (await call('echo', body)).response))).toEqual(['[1,9007199254740993]', '{"a":1.10}', '[7]', 'null'])
  })

  it('takes an error for a failure with code and data', async () => {
    expect(await call('fail')).toMatchObject({ outcome: 'failed', error: { text: { params: { code: -32602, message: 'bad params' } }, exception: { typeId: -32602, json: '{"at":"/0"}' } } })
    expect(await call('unknown')).toMatchObject({ outcome: 'failed', error: { exception: { typeId: -32601 }, hint: { key: 'ws.methodNotFoundHint' } } })
  })

  it('shares a connection between calls of the same path and headers, answers in any order', async () => {
    const before = seen.length
    const records = await Promise.all([call('late'), call('echo', '[1]'), call('echo', '[2]')])
    expect(records.map(({ response }) => response)).toEqual(['"late"', '[1]', '[2]'])
    expect(seen.length).toBe(before)
    await call('echo', '[]', { headers: [['X-Own', 'v'], ['x-own', 'w']] })
    expect(seen.at(-1)).toMatchObject({ url: '/rpc', headers: expect.arrayContaining(['X-Own', 'v', 'x-own', 'w']) as unknown })
    await call('echo', '[]', { policy: { pool: 'short' } })
    expect(seen.length).toBe(before + 2)
  })

  it('shows what the server said meanwhile', async () => {
    expect((await call('notifies')).headers).toContainEqual([':notification', '{"jsonrpc":"2.0","method":"progress","params":{"n":1}}'])
  })

  it('joins fragments and answers pings', async () => {
    expect([(await call('fragments')).response, (await call('ping')).response]).toEqual(['"joined"', '"ponged"'])
  })

  it('says why a WebSocket was refused, closed or broken', async () => {
    expect(await call('echo', '', {}, '/refused')).toMatchObject({ outcome: 'failed', error: { text: { key: 'ws.refusedWith', params: { status: 401, body: 'no token' } } } })
    expect(await call('close')).toMatchObject({ outcome: 'failed', error: { text: { key: 'ws.closedWith', params: { code: 4001, reason: 'enough' } } } })
    expect(await call('garbage')).toMatchObject({ outcome: 'failed', error: { text: { key: 'ws.notJson' } } })
    expect(await call('echo', '[3]')).toMatchObject({ outcome: 'ok', response: '[3]' })
  })

  it('leaves the connection to others when one call gives up', async () => {
    const before = seen.length
    expect(await call('late', '', { timeoutMs: 10 })).toMatchObject({ outcome: 'timeout' })
    expect(await call('echo', '[4]')).toMatchObject({ outcome: 'ok', response: '[4]' })
    expect(seen.length).toBe(before)
  })

  it('streams calls and what the server says, and closes once all are answered', async () => {
    const record = await call('echo', '[1] {"jsonrpc":"2.0","id":7,"method":"subscribe"} {"jsonrpc":"2.0","method":"quiet"} [2]', { stream: {} })
    expect([record.outcome, record.stream?.kept.map((entry) => ('json' in entry ? `${entry.event} ${entry.json}` : entry.event))]).toEqual(['ok', expect.arrayContaining([
      'header', 'send [1]', 'message {"jsonrpc":"2.0","result":[1],"id":1}', 'message {"jsonrpc":"2.0","result":"subscribed","id":7}', 'message {"jsonrpc":"2.0","method":"tick","params":[3]}',
      'half-close', 'message {"jsonrpc":"2.0","result":[2],"id":8}', 'end',
    ])])
    expect(record.stream).toMatchObject({ sent: 4, received: 6 })
  })

  it('ends a stream with what the server gave as the reason', async () => {
    expect(await call('close', '[]', { stream: {} })).toMatchObject({ outcome: 'failed', error: { text: { key: 'ws.closedWith', params: { code: 4001, reason: 'enough' } } } })
  })

  it('explains handshake and frames', async () => {
    const record = await call('echo', '[5]', { policy: { pool: 'short' } })
    expect(record.byteViews.map(({ direction, nodes }) => [direction, nodes.map(({ name }) => name)])).toEqual([
      ['sent', ['HTTP request', 'WebSocket frame']], ['sent', ['json']],
      ['received', ['HTTP reply', 'WebSocket frame']],
    ])
    expect(record.byteViews.at(-1)?.nodes.at(-1)?.children?.map(({ name, value }) => [name, value])).toEqual([['opcode', 'fin, text'], ['payload length', '37'], ['json', '{"jsonrpc":"2.0","result":[5],"id":1}']])
  })
})
