// Spans made by the thousand, alike but for ids and times: for bounds, codecs and benches.

import type { Span } from '../../shared/model/trace.ts'

/** `count` spans, `perTrace` to a trace, each with ten attributes of the kinds that RPC instrumentation sets. */
export function manySpans(count: number, perTrace = 20): Span[] {
  const resource = { 'service.name': 'shop.order', 'host.name': 'build-7', 'process.pid': 4711n, 'telemetry.sdk.language': 'go' }
  const scope = { name: 'github.com/kitex-contrib/obs-opentelemetry', version: 'semver:0.39.0' }
  return Array.from({ length: count }, (_, n) => {
    const trace = Math.floor(n / perTrace) + 1
    const startNs = 1_763_706_512_000_000_000n + BigInt(n) * 1000n
    return {
      traceId: trace.toString(16).padStart(32, '0'),
      spanId: (n + 1).toString(16).padStart(16, '0'),
      ...(n % perTrace === 0 ? {} : { parentSpanId: (n - (n % perTrace) + 1).toString(16).padStart(16, '0') }),
      name: `shop.OrderService/Method${n % 7}`,
      kind: n % 2 === 0 ? 'server' : 'client',
      service: 'shop.order',
      startNs,
      endNs: startNs + 250_000n,
      status: n % 50 === 0 ? 'error' : 'unset',
      ...(n % 50 === 0 ? { statusMessage: 'rpc timeout' } : {}),
      attributes: {
        'rpc.system': 'kitex', 'rpc.service': 'demo.order', 'rpc.method': `Method${n % 7}`, 'kitex.recv_size': BigInt(n), 'kitex.send_size': -1n,
        'request.protocol': 'TTHeader|Framed', 'peer.service': 'gateway', sampled: true, ratio: 0.25, 'user.id': `${9007199254740993n + BigInt(n)}`,
      },
      resource,
      scope,
      events: n % 10 === 0 ? [{ name: 'write_start', atNs: startNs + 10n, attributes: { 'event.status': 1n } }] : [],
      links: [],
      own: false,
    } satisfies Span
  })
}
