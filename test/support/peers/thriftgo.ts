// thriftgo itself, built from test/peers/thriftgo by Go: what Kitex's own parser thinks of Thrift files.

import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run } from './child.ts'

const sources = resolve(import.meta.dirname, '../../peers/thriftgo')

export interface ThriftgoField {
  readonly id: number
  readonly name: string
  readonly requiredness: string
}

/** An error, or the members that thriftgo saw. */
export interface ThriftgoOpinion {
  readonly error?: string
  readonly structs?: Readonly<Record<string, readonly ThriftgoField[]>>
  readonly services?: Readonly<Record<string, Readonly<Record<string, readonly ThriftgoField[]>>>>
  readonly enums?: Readonly<Record<string, Readonly<Record<string, number>>>>
}

/** What thriftgo thinks of each file, by path. */
export async function askThriftgo(paths: readonly string[]): Promise<Readonly<Record<string, ThriftgoOpinion>>> {
  const folder = await buildOnce('thriftgo', await hashOfFolder(sources), async (target) => {
    const source = join(target, 'source')
    await cp(sources, source, { recursive: true })
    await run('go', ['build', '-o', join(target, 'opinion'), '.'], { cwd: source, env: { GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod -buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' } })
  })
  const asked = spawnSync(join(folder, 'opinion'), { input: JSON.stringify(paths), encoding: 'utf8', timeout: 120_000, maxBuffer: 1 << 28 })
  if (asked.error !== undefined) throw asked.error
  if (asked.status !== 0) throw new Error(`thriftgo-opinion: ${asked.stderr}`)
  return JSON.parse(asked.stdout) as Readonly<Record<string, ThriftgoOpinion>>
}
