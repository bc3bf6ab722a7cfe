import { describe, expect, it } from 'vitest'
import { failedReply, okReply } from '../../../../src-main/engine/kernel/reply.ts'
import { metainfo } from '../../../../src-main/engine/middleware/metainfo.ts'
import { tracer } from '../../../../src-main/engine/middleware/tracer.ts'
import { context, failing, script } from '../../../support/chain-text.ts'

const config = (transport: 'framed' | 'ttheader' | 'ttheader-framed', timeoutMs = 0) => ({ ...context().config, transport, timeoutMs })

describe('metainfo', () => {
  it('writes the keys of Kitex\'s TTHeader handler, the timeout only where one is set', async () => {
    const next = script(okReply('1'))
    await metainfo.call(context({ config: config('ttheader'), metainfo: { transient: [['t', 'v'], ['', 'lost'], ['gdpr-token', 'g']], persistent: [['p', 'w']] } }), next)
    expect(next.calls[0]?.header).toEqual({
      strings: [['isn', 'UserService'], ['RPC_TRANSIT_t', 'v'], ['RPC_PERSIST_p', 'w']], aclToken: 'g',
      ints: [[3, 'tester'], [20, ''], [6, 'demo.user'], [9, 'GetUser'], [22, '1'], [1, 'unframed']],
    })
  })

  it('marks a oneway, and writes the timeout in whole milliseconds', async () => {
    const next = script(okReply(undefined))
    await metainfo.call(context({ config: config('ttheader-framed', 0.4), invocation: { ...context().invocation, oneway: true } }), next)
    expect(next.calls[0]?.header?.ints).toEqual([[3, 'tester'], [20, ''], [6, 'demo.user'], [9, 'GetUser'], [22, '4'], [1, 'framed'], [12, '1']])
  })

  it('turns a business status into a business error and keeps backward values', async () => {
    const header = { strings: [['biz-status', '42'], ['biz-message', 'm'], ['back', 'b']] as const, ints: [] }
    expect(await metainfo.call(context(), script(okReply('null', { header })))).toMatchObject({ outcome: 'biz_error', error: { code: 'biz', biz: { status: 42, message: 'm', extra: {} } }, backward: [['back', 'b']], note: { reason: { key: 'chain.metainfoBiz' } } })
  })

  it('says what is wrong with a business status that cannot be read', async () => {
    const header = { strings: [['biz-status', 'forty']] as const, ints: [] }
    expect(await metainfo.call(context(), script(okReply('null', { header })))).toMatchObject({ outcome: 'failed', error: { layer: 'frame', text: { key: 'transport.bizStatusNotANumber' } } })
  })

  it('does not make a business error of a call that failed otherwise', async () => {
    const header = { strings: [['biz-status', '42']] as const, ints: [] }
    expect((await metainfo.call(context(), script(failing('remote_or_network', { header })))).outcome).toBe('failed')
  })

  it('names what a transport without header loses, but not our own traceparent', async () => {
    const trace = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: true }
    const next = script(failedReply({ code: 'rpc_timeout', layer: 'policy', text: { key: 'x' } }))
    const run = (transient: readonly (readonly [string, string])[]) => tracer(trace).call(context({ config: config('framed'), metainfo: { transient, persistent: [] } }), (ctx) => metainfo.call(ctx, next))
    expect((await run([])).warnings).toEqual([])
    expect((await run([['k', 'v']])).warnings.map(({ text }) => text)).toEqual([{ key: 'chain.metainfoLost', params: { transport: 'framed', keys: 'k' } }])
    expect(next.calls[0]?.header).toEqual({ strings: [], ints: [] })
  })
})
