// What goes beside the message and what came beside the reply: Kitex's metahandlers WriteMeta and ReadMeta of the default metainfo handler and
// of ClientTTHeaderHandler (pkg/transmeta). They run where Kitex runs them, right before encoding and right after decoding, so that each
// attempt carries its own. Framed and Buffered carry nothing: then this says what was lost.

import type { ErrorData } from '../../../shared/base/error.ts'
import { fail } from '../../../shared/base/error.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { thrownReply, withNote, type Note, type Reply } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'
import { traceparentKey } from '../kernel/trace-context.ts'
import { bizStatusFromHeader } from '../transport/ttheader/biz-status.ts'
import { intKey, stringKey } from '../transport/ttheader/keys.ts'
import { backwardFromHeader, metainfoToHeader } from '../transport/ttheader/metainfo.ts'
import { noHeader, type HeaderInfo } from '../transport/transport.ts'

export const metainfo: Middleware = {
  kind: 'metainfo',
  name: 'metainfo',
  async call(ctx, next) {
    const carried = ctx.config.transport === 'ttheader' || ctx.config.transport === 'ttheader-framed'
    const reply = readMeta(await next({ ...ctx, header: carried ? writeMeta(ctx) : noHeader }))
    const lost = carried ? [] : lostKeys(ctx)
    const warned = lost.length === 0 ? reply : { ...reply, warnings: [...reply.warnings, lossWarning(ctx, lost)] }
    return ctx.stats === 'disabled' ? warned : withNote(warned, noteOf(ctx, reply, carried))
  },
}

/** Keys as ClientTTHeaderHandler writes them; int 12 only where the user set a timeout. */
function writeMeta(ctx: RpcInfo): HeaderInfo {
  const { config, invocation, from, to } = ctx
  const meta = metainfoToHeader(ctx.metainfo)
  const ints: (readonly [number, string])[] = [
    [intKey.fromService, from.service],
    [intKey.fromMethod, ''],
    [intKey.toService, to.service],
    [intKey.toMethod, invocation.method],
    [intKey.msgType, invocation.oneway ? '4' : '1'],
    [intKey.transportType, config.transport === 'ttheader-framed' ? 'framed' : 'unframed'],
  ]
  if (config.timeoutMs > 0) ints.push([intKey.rpcTimeout, String(Math.max(1, Math.round(config.timeoutMs)))])
  return { ...meta, strings: [[stringKey.service, invocation.service], ...meta.strings], ints }
}

/** A business error rides beside an ordinary, empty reply. */
function readMeta(reply: Reply): Reply {
  if (reply.header.strings.length === 0) return reply
  try {
    const backward = backwardFromHeader(reply.header)
    const known = backward.length === 0 ? reply : { ...reply, backward }
    const biz = reply.outcome === 'ok' ? bizStatusFromHeader(reply.header) : undefined
    if (biz === undefined) return known
    const { response, ...rest } = known
    return { ...rest, outcome: 'biz_error', error: fail('biz', 'remote', 'chain.bizError', { status: biz.status, message: biz.message }, { biz }).data }
  } catch (caught) {
    return thrownReply(caught, 'frame', { ...reply, outcome: 'failed' })
  }
}

const lostKeys = ({ metainfo: { transient, persistent } }: RpcInfo): readonly string[] => [...transient, ...persistent].map(([key]) => key).filter((key) => key !== traceparentKey)

const lossWarning = ({ config }: RpcInfo, keys: readonly string[]): ErrorData => fail('protocol', 'frame', 'chain.metainfoLost', { transport: config.transport, keys: keys.join(', ') }, {
  hint: { key: 'chain.metainfoLostHint' },
}).data

function noteOf(ctx: RpcInfo, reply: Reply, carried: boolean): Note {
  const { transient, persistent } = ctx.metainfo
  const params = { transient: transient.length, persistent: persistent.length, backward: reply.backward.length, transport: ctx.config.transport, ...(reply.error?.biz === undefined ? {} : { status: reply.error.biz.status }) }
  return {
    verdict: carried ? 'changed' : 'no-op',
    reason: { key: !carried ? 'chain.metainfoNotCarried' : reply.outcome === 'biz_error' ? 'chain.metainfoBiz' : 'chain.metainfoCarried', params },
    decision: { kind: 'metainfo', transient: transient.length, persistent: persistent.length, carried },
  }
}
