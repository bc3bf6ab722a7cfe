// Traces drawn as text for tests: one span a line, indentation makes the parent, then `from-to` in milliseconds and marks.
//
//   gateway Checkout 0-40 server
//     order Create 5-35 client error

import type { Span } from '../../shared/model/trace.ts'

export const traceIdOf = (n: number): string => n.toString(16).padStart(32, '0')
export const spanIdOf = (n: number): string => n.toString(16).padStart(16, '0')

const baseNs = 1_763_706_512_000_000_000n
const kinds = ['internal', 'server', 'client', 'producer', 'consumer'] as const

/** Span ids are line numbers from 1. Words after the times: a kind, `error`, `own`, `parent=N` (any id), `id=N`. */
export function traceText(text: string, traceId = traceIdOf(1)): Span[] {
  const stack: { readonly indent: number; readonly spanId: string }[] = []
  return text.split('\n').filter((line) => line.trim() !== '').map((line, index) => {
    const indent = line.length - line.trimStart().length
    while (stack.length > 0 && (stack[stack.length - 1]?.indent ?? 0) >= indent) stack.pop()
    const [service = '', name = '', times = '0-0', ...words] = line.trim().split(/\s+/)
    const [from = 0, to = 0] = times.split('-').map(Number)
    const given = (key: string): string | undefined => words.find((word) => word.startsWith(`${key}=`))?.slice(key.length + 1)
    const spanId = spanIdOf(Number(given('id') ?? index + 1))
    const drawn = given('parent') === undefined ? stack[stack.length - 1]?.spanId : spanIdOf(Number(given('parent')))
    stack.push({ indent, spanId })
    return {
      traceId, spanId, ...(drawn === undefined ? {} : { parentSpanId: drawn }),
      name, kind: kinds.find((kind) => words.includes(kind)) ?? 'internal', service,
      startNs: baseNs + BigInt(Math.round(from * 1e6)), endNs: baseNs + BigInt(Math.round(to * 1e6)),
      status: words.includes('error') ? 'error' : 'unset',
      attributes: {}, resource: { 'service.name': service }, scope: { name: 'test' }, events: [], links: [], own: words.includes('own'),
    } satisfies Span
  })
}
