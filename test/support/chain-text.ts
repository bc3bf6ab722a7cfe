// Chains drawn as text, so that a test shows at a glance who called whom and how it ended, and the contexts that tests of middlewares start
// from.

import type { MethodCodec } from '../../src-main/engine/codec/codec.ts'
import type { Endpoint, Middleware } from '../../src-main/engine/kernel/endpoint.ts'
import { failedReply, okReply, type Reply } from '../../src-main/engine/kernel/reply.ts'
import type { RpcInfo } from '../../src-main/engine/kernel/rpcinfo.ts'
import { fail, type ErrorCode } from '../../shared/base/error.ts'
import { noRoute } from '../../src-main/engine/transport/transport.ts'
import type { ChainNode } from '../../shared/model/chain.ts'

/** `name verdict`, one line a node, two blanks for each level. */
export function drawChain(nodes: readonly ChainNode[]): string {
  const depth = (node: ChainNode): number => (node.parent === null ? 0 : 1 + depth(nodes.find(({ n }) => n === node.parent) ?? node))
  return nodes.map((node) => `${'  '.repeat(depth(node))}${node.name} ${node.verdict}`).join('\n')
}

const noCodec: MethodCodec = {
  envelope: 'message',
  encodeRequest: () => Buffer.alloc(0),
  decodeRequest: () => { throw new Error('believed: no codec is used here') },
  encodeReply: () => Buffer.alloc(0),
  decodeReply: () => { throw new Error('believed: no codec is used here') },
  explain: () => [],
}

/** A context at the start of a call. */
export const context = (more: Partial<RpcInfo> = {}): RpcInfo => ({
  from: { service: 'tester' },
  to: { service: 'demo.user' },
  invocation: { service: 'UserService', method: 'GetUser', language: 'thrift', oneway: false, body: '{}', codec: noCodec },
  config: { transport: 'ttheader-framed', timeoutMs: 1000, connectTimeoutMs: 50, pool: 'long', compress: 'none', http: noRoute, maxMessageBytes: 1 << 26, capture: true, format: { int64: 'number', enums: 'name', binary: 'base64', defaults: false } },
  metainfo: { transient: [], persistent: [] },
  headers: [],
  tags: {}, attempt: 1, tried: [], seed: 0, startedAt: 1_000_000_000, stats: 'detailed', signal: new AbortController().signal,
  ...more,
})

/** A reply that failed with a code. */
export const failing = (code: ErrorCode, more: Partial<Reply> = {}): Reply => failedReply(fail(code, 'engine', 'chain.failed').data, more)

/** Answers one after the other; each call is remembered. */
export function script(...replies: readonly (Reply | (() => Promise<Reply>))[]): Endpoint & { readonly calls: readonly RpcInfo[] } {
  const calls: RpcInfo[] = []
  const endpoint = (ctx: RpcInfo): Promise<Reply> => {
    const next = replies[Math.min(calls.length, replies.length - 1)] ?? okReply('null')
    calls.push(ctx)
    return typeof next === 'function' ? next() : Promise.resolve(next)
  }
  return Object.assign(endpoint, { calls })
}

/** A middleware for tests of the kernel. */
export const step = (name: string, call: Middleware['call'], more: Partial<Middleware> = {}): Middleware => ({ kind: 'user', name, call, ...more })
