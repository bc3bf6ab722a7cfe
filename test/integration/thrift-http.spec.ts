// Thrift messages as bodies of HTTP requests, against Apache Thrift's own server.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord, CallRequestInput } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type Engine } from '../../src-main/engine/index.ts'
import { apacheIdl, apacheMissing, startApacheServer, type ApacheServer } from '../support/peers/apache.ts'

const missing = apacheMissing()
const protocols = ['binary', 'compact'] as const
const everything = '{"flag":true,"tiny":-128,"small":32767,"medium":-2147483648,"large":9007199254740993,"ratio":0.1,"text":"风筝 \\"q\\"","blob":"AAH/gA==","names":["b","a"],'
  + '"numbers":[3,1],"counts":{"min":-9223372036854775808},"color":"BLUE","inner":{"name":"n","id":-5},"inners":[{"name":"x"},{"name":"y","id":9223372036854775807}],"nested":{"7":[true,false],"-1":[]}}'

describe.skipIf(missing !== undefined)(`Thrift over HTTP against Apache Thrift${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  let engine: Engine
  let apache: ApacheServer
  let strange: Server

  beforeAll(async () => {
    engine = createEngine(systemPorts({ baseDir: '.' }))
    apache = await startApacheServer()
    strange = createServer((request, response) => {
      request.resume()
      if (request.url === '/html') return void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>')
      if (request.url === '/gone') return void response.writeHead(410).end()
      return void response.writeHead(200, { 'Content-Type': 'application/x-thrift' }).end(Buffer.from([0x80, 0x01, 0x00]))
    })
    await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve))
  }, 60_000)
  afterAll(async () => {
    await engine.dispose()
    await apache.stop()
    strange.close()
  })

  const callAt = (address: string, path: string, method: string, body: string, more: Partial<CallRequestInput> = {}): Promise<CallRecord> =>
    engine.call({ idl: { paths: [apacheIdl] }, method, body, target: { kind: 'direct', endpoints: [address] }, transport: 'http', http: { path }, timeoutMs: 5000, connectTimeoutMs: 2000, ...more })

  describe.each(protocols)('in %s', (protocol) => {
    const call = (method: string, body: string): Promise<CallRecord> => callAt(apache.http.address, apache.http.pathOf(protocol), method, body, { codec: `thrift-${protocol}` })

    it('gives every type back to the digit', async () => {
      // The Node package reads each bool in a Compact list as false.
      const body = protocol === 'binary' ? everything : everything.replace('[true,false]', '[false]')
      expect(await call('Apache/Echo', body)).toMatchObject({ outcome: 'ok', response: body, transport: 'http', codec: `thrift-${protocol}` })
      expect(await call('Apache/Nothing', '')).toMatchObject({ outcome: 'ok', response: 'null' })
    })

    it('throws what it declares and what it does not', async () => {
      expect(await call('Apache/Throw', '7')).toMatchObject({ outcome: 'exception', error: { exception: { type: 'Oops', json: '{"code":7,"why":"asked for"}' } } })
      expect(await call('Apache/Fail', '')).toMatchObject({ outcome: 'failed', error: { layer: 'remote', text: { params: { message: 'plain failure' } } } })
    })

    it('sends oneway calls, which this server never answers', async () => {
      expect(await call('Apache/Fire', `"over http in ${protocol}"`)).toMatchObject({ outcome: 'ok' })
      await expect.poll(async () => (await call('Apache/Fired', '')).response).toContain(`over http in ${protocol}`)
    })

    it('shows the message beneath the request and the reply', async () => {
      const record = await call('Apache/Add', '{"a":1,"b":2}')
      expect(record.response).toBe('3')
      for (const { direction, nodes } of record.byteViews) {
        const [frame] = nodes
        expect([direction, frame?.name, frame?.children?.some(({ kind }) => kind === 'message')]).toEqual([direction, direction === 'sent' ? 'HTTP request' : 'HTTP reply', true])
      }
    })
  })

  it('chooses Thrift for a method without a route', async () => {
    expect(await callAt(apache.http.address, '/binary', 'Apache/Add', '{"a":1,"b":2}')).toMatchObject({ outcome: 'ok', response: '3', codec: 'thrift-binary' })
  })

  it('says what came instead of a Thrift message', async () => {
    const address = `127.0.0.1:${(strange.address() as AddressInfo).port}`
    expect(await callAt(address, '/html', 'Apache/Nothing', '')).toMatchObject({ outcome: 'failed', error: { text: { key: 'http.notThrift', params: { status: 200, type: 'text/html', start: '<html>' } } } })
    expect(await callAt(address, '/gone', 'Apache/Nothing', '')).toMatchObject({ outcome: 'failed', error: { text: { key: 'http.status', params: { status: 410 } } } })
    expect(await callAt(address, '/cut', 'Apache/Nothing', '')).toMatchObject({ outcome: 'failed', error: { code: 'protocol', layer: 'codec' } })
    expect(await callAt(address, '/gone', 'Apache/Fire', '"x"')).toMatchObject({ outcome: 'failed', error: { text: { key: 'http.status', params: { status: 410 } } } })
    expect(await callAt(apache.http.address, '/elsewhere', 'Apache/Nothing', '')).toMatchObject({ outcome: 'failed', error: { exception: { typeId: 403 } } })
  })
})
