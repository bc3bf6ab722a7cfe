// Every protocol, codec and kind against a peer that nobody here wrote: a call that succeeds, one that the server refuses, one that we cancel, one whose
// deadline passes. What was proven is printed as the table of docs/protocols.md, which must be that table (KITE_MATRIX=write writes it).

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallRecord } from '../../shared/model/call.ts'
import { createEngine, systemPorts, type CallOptions, type Engine } from '../../src-main/engine/index.ts'
import { makers, type MatrixPeer } from '../support/matrix/peers.ts'
import { rows, type Ask, type PeerName, type Row } from '../support/matrix/rows.ts'
import { documented, tableOf, write, type Cell } from '../support/matrix/table.ts'
import { buildPatienceMs } from '../support/peers/kitex.ts'
import { startTap } from '../support/peers/tap.ts'

const peers = [...new Set(rows.map(({ peer }) => peer))]
const missing = new Map(peers.flatMap((peer): [PeerName, string][] => {
  const why = makers[peer].missing()
  return why === undefined ? [] : [[peer, why]]
}))
const proven = new Set<string>()
const keyOf = (row: Row, cell: Cell): string => `${rows.indexOf(row)} ${cell}`

let engine: Engine
beforeAll(() => {
  engine = createEngine(systemPorts())
})
afterAll(() => engine.dispose())

/** What a row says of the reply. */
const pick = ({ response, received }: Row['ok']) => ({ ...(response === undefined ? {} : { response }), ...(received === undefined ? {} : { received }) })

/** Messages that come at once and no end, until somebody ends the call. */
async function* open({ body }: Ask): AsyncGenerator<string> {
  yield* body.split('\n')
  await new Promise(() => undefined)
}

describe.each(peers)('%s', (peer) => {
  const why = missing.get(peer)
  describe.skipIf(why !== undefined)(why === undefined ? 'a real one' : `(skipped: ${why})`, () => {
    let server: MatrixPeer
    beforeAll(async () => {
      server = await makers[peer].start()
    }, buildPatienceMs)
    afterAll(() => server.stop())

    const call = (row: Row, ask: Ask, more: { readonly timeoutMs?: number; readonly signal?: AbortSignal; readonly address?: string } = {}): Promise<CallRecord> => {
      const { timeoutMs = 10_000, signal, address = server.addressOf(row.at) } = more
      const options: CallOptions = { ...(signal === undefined ? {} : { signal }), ...(ask.isOpen === true ? { stream: { input: open(ask) } } : {}) }
      return engine.call({
        idl: { paths: [...row.idl] }, method: ask.method, body: ask.body, target: { kind: 'direct', endpoints: [address] },
        transport: row.transport, codec: row.codec, timeoutMs, connectTimeoutMs: 5000, ...row.more,
      }, options)
    }

    describe.each(rows.filter((row) => row.peer === peer).map((row) => [`${row.transport} ${row.codec} ${row.kind}${row.idl.length === 0 ? ', no IDL' : ''}`, row] as const))('%s', (_name, row) => {
      const prove = (cell: Cell): void => void proven.add(keyOf(row, cell))

      it('is answered', async () => {
        const record = await call(row, row.ok)
        expect({
          outcome: record.outcome, error: record.error, transport: record.transport, codec: record.codec, response: record.response, received: record.stream?.received,
        }).toMatchObject({ outcome: 'ok', error: undefined, transport: row.transport, codec: row.codec, ...pick(row.ok) })
        prove('ok')
      })

      it('is answered in crumbs of a few bytes', async () => {
        const path = await startTap(server.addressOf(row.at), { crumbs: true })
        const record = await call(row, row.ok, { address: path.address })
        path.close()
        expect({ outcome: record.outcome, error: record.error, response: record.response, received: record.stream?.received }).toMatchObject({ outcome: 'ok', error: undefined, ...pick(row.ok) })
      })

      const { error, slow } = row
      if (error !== undefined) it('is refused by the server', async () => {
        const record = await call(row, error)
        expect({ outcome: record.outcome, isTold: record.error !== undefined }).toEqual({ outcome: error.outcome, isTold: true })
        prove('error')
      })

      if (slow !== undefined) it('is cancelled', async () => {
        const abort = new AbortController()
        const running = call(row, slow, { signal: abort.signal })
        setTimeout(() => abort.abort(), 200)
        expect((await running).outcome).toBe('cancelled')
        prove('cancel')
      })

      if (slow !== undefined) it('passes its deadline', async () => {
        expect((await call(row, slow, { timeoutMs: 300 })).outcome).toBe('timeout')
        prove('deadline')
      })
    })
  })
})

it('is the table that the document shows', () => {
  const table = tableOf(rows, (row, cell) => proven.has(keyOf(row, cell)) || missing.has(row.peer))
  if (missing.size === 0) process.stdout.write(`${table}\n`)
  // What nobody has proven here is not written down as proven.
  if (process.env['KITE_MATRIX'] === 'write' && missing.size === 0) write(table)
  expect(documented()).toBe(table)
})
