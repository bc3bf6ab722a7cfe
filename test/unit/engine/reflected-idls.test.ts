// Who is told what when servers are asked for their IDL: a path in a workspace's file may name any server.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ReflectedIdls } from '../../../src-main/engine/reflected-idls.ts'
import type { Pools } from '../../../src-main/engine/pools.ts'
import type { Secure, StreamOpening } from '../../../src-main/engine/transport/transport.ts'

const secure: Secure = { id: 'mine', insecure: false, options: { ca: 'ca', cert: 'certificate', key: 'key', servername: 'a.example', rejectUnauthorized: true } }
const headers = [['authorization', 'Bearer t']] as const

/** Pools whose connections note how they were dialled and what was said on them, and then fail. */
function notingPools(): { readonly pools: Pools; readonly seen: unknown[] } {
  const seen: unknown[] = []
  const acquire = (address: string, _timeoutMs: number, _signal: AbortSignal, by?: Secure): Promise<unknown> => Promise.resolve({
    open: ({ header }: StreamOpening): Promise<never> => {
      seen.push([address, by?.options, header.strings])
      return Promise.reject(new Error('seen'))
    },
    release: () => undefined,
  })
  return { pools: { get: () => Promise.resolve({ acquire }) } as unknown as Pools, seen }
}

it('the server that is called gets the credentials of the call', async () => {
  const { pools, seen } = notingPools()
  for (const path of ['reflect:', 'grpc-reflection://a.example:443']) {
    await expect(new ReflectedIdls(pools).load([path], undefined, { address: 'a.example:443', secure, headers }, new AbortController().signal)).rejects.toThrow('seen')
  }
  expect(seen).toEqual([['a.example:443', secure.options, headers], ['a.example:443', secure.options, headers]])
})

it('any other gets neither headers nor a client certificate, and is trusted no more', async () => {
  const { pools, seen } = notingPools()
  for (const address of ['a.example:443', undefined]) {
    const via = { secure, headers, ...(address === undefined ? {} : { address }) }
    await expect(new ReflectedIdls(pools).load(['grpc-reflection://b.example:443'], undefined, via, new AbortController().signal)).rejects.toThrow('seen')
  }
  const trust = { ca: 'ca', rejectUnauthorized: true }
  expect(seen).toEqual([['b.example:443', trust, []], ['b.example:443', trust, []]])
})

it('an authority that a path names is a file of certificates: no device that never ends, and nothing huge', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kite-authority-'))
  writeFileSync(join(folder, 'huge.pem'), Buffer.alloc(2 * 1024 * 1024))
  const { pools, seen } = notingPools()
  const ask = (path: string): Promise<unknown> => new ReflectedIdls(pools).load([`grpc-reflection://a.example:443?cacert=${path}`], undefined, { files: { baseDir: folder } }, new AbortController().signal)
  try {
    await expect(ask('/dev/zero')).rejects.toMatchObject({ data: { code: 'file', at: { file: '/dev/zero' } } })
    await expect(ask('huge.pem')).rejects.toMatchObject({ data: { code: 'file', text: { params: { reason: 'EFBIG' } } } })
    expect(seen).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
