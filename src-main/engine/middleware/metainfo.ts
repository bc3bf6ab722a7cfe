// What goes beside the message and what came beside the reply: Kitex's metahandlers. They run where Kitex runs them, right before encoding and
// right after decoding, so that each attempt carries its own. Framed and Buffered carry nothing: then this says what was lost.

import type { ErrorData } from '../../../shared/base/error.ts'
import { fail } from '../../../shared/base/error.ts'
import { protocolOf } from '../../../shared/model/protocol.ts'
import type { Middleware } from '../kernel/endpoint.ts'
import { thrownReply, withNote, type Note, type Reply } from '../kernel/reply.ts'
import type { RpcInfo } from '../kernel/rpcinfo.ts'
import { traceparentKey } from '../kernel/trace-context.ts'
import { readMetainfo, writeMetainfo } from '../transport/metainfo-pairs.ts'
import type { HeaderInfo } from '../transport/transport.ts'

export const metainfo: Middleware = {
  kind: 'metainfo',
  name: 'metainfo',
  async call(ctx, next) {
    const carried = protocolOf(ctx.config.transport).metainfo
    let header: HeaderInfo
    try {
      header = write(ctx)
    } catch (caught) {
      return thrownReply(caught, 'frame')
    }
    const reply = readMeta(ctx, await next({ ...ctx, header }))
    const lost = carried ? [] : lostKeys(ctx)
    const warned = lost.length === 0 ? reply : { ...reply, warnings: [...reply.warnings, lossWarning(ctx, lost)] }
    return ctx.stats === 'disabled' ? warned : withNote(warned, noteOf(ctx, reply, carried))
  },
}

const write = ({ config, from, to, invocation, metainfo: meta, headers }: RpcInfo): HeaderInfo => writeMetainfo(config.transport, {
  from: from.service, to: to.service, service: invocation.service, method: invocation.method, oneway: invocation.oneway, timeoutMs: config.timeoutMs, metainfo: meta, headers,
})

/** A business error rides beside an ordinary, empty reply. */
function readMeta({ config }: RpcInfo, reply: Reply): Reply {
  try {
    const { backward, biz } = readMetainfo(reply.transport ?? config.transport, reply.header)
    const known = backward.length === 0 ? reply : { ...reply, backward }
    if (biz === undefined || reply.outcome !== 'ok') return known
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
