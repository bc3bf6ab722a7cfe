// What `kite call` costs over the call itself: the whole process, less a bare Node, less the time that the call says it took. The peer runs
// in this process; runs take turns, so that a busy moment hits all alike.

import { spawn } from 'node:child_process'
import { startThriftPeer } from '../support/thrift-peer.ts'
import { keep, median, table } from './support/figures.ts'

const runs = 25
const idl = 'test/fixtures/call/shop.thrift'
const peer = await startThriftPeer(idl, () => '{"id":7,"name":"Ada"}')
const call = ['dist/cli/kite.cjs', 'call', 'GetUser', '--idl', idl, '-e', peer.address, '-d', '{"id":7}', '--timeout', '5s', '--connect-timeout', '1s']
const commands: Readonly<Record<string, readonly string[]>> = { 'bare node': ['-e', '0'], 'kite --version': ['dist/cli/kite.cjs', '--version'], 'kite call': call }

async function run(args: readonly string[]): Promise<{ readonly ms: number; readonly stdout: string }> {
  const start = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const out: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Error(`believed: ${args.join(' ')} succeeds`)
  return { ms: performance.now() - start, stdout: Buffer.concat(out).toString() }
}

const times = new Map(Object.keys(commands).map((name): [string, number[]] => [name, []]))
const inside: number[] = []
for (let n = 0; n < runs; n += 1) {
  for (const [name, args] of Object.entries(commands)) times.get(name)?.push((await run(args)).ms)
  inside.push(Number(/"durationNs": "(\d+)"/.exec((await run([...call, '-o', 'json'])).stdout)?.[1]) / 1e6)
}
await peer.close()

const p50 = (name: string): number => median(times.get(name) ?? [])
const figures = Object.fromEntries([
  ...Object.keys(commands).map((name) => [name, { p50Ms: p50(name), overBareMs: p50(name) - p50('bare node'), minMs: Math.min(...times.get(name) ?? []) }] as const),
  ['the call itself, cold', { p50Ms: median(inside), overBareMs: 0, minMs: Math.min(...inside) }] as const,
  ['kite call, over bare node and the call', { p50Ms: p50('kite call') - p50('bare node') - median(inside), overBareMs: 0, minMs: 0 }] as const,
])
table(figures)
keep({ aim: { 'kite call, over bare node and the call': '<= 40 ms' }, figures })
