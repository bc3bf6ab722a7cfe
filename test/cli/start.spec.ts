// What `kite` loads before it does its work. Each file more is milliseconds that every call of every script waits, and one that moves out of the
// path of a plain call is seen nowhere else: the call works as before, only later.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runKite } from '../support/run-kite.ts'
import { startThriftPeer, type ThriftPeer } from '../support/thrift-peer.ts'

const folder = mkdtempSync(join(tmpdir(), 'kite-start-'))
const list = join(folder, 'loaded.json')
const watcher = join(folder, 'watcher.cjs')
const idl = 'test/fixtures/call/shop.thrift'
let peer: ThriftPeer

beforeAll(async () => {
  writeFileSync(watcher, `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache))))`)
  peer = await startThriftPeer(idl, () => '{"id":7,"name":"Ada"}')
})
afterAll(() => peer.close())

/** Names of the files that a run loaded, without the hash of their content. */
async function loadedBy(args: readonly string[]): Promise<readonly string[]> {
  expect(await runKite(args, { env: { NODE_OPTIONS: `--require "${watcher.replaceAll('\\', '/')}"` } })).toMatchObject({ code: 0, stderr: '' })
  const files = JSON.parse(readFileSync(list, 'utf8')) as readonly string[]
  return files.filter((file) => file !== watcher).map((file) => basename(file).replace(/-[\w-]{8}(?=\.cjs$)/, '')).sort()
}

describe('what kite loads', () => {
  it('for its version is next to nothing', async () => {
    expect(await loadedBy(['--version'])).toEqual(['kite.cjs', 'rolldown-runtime.cjs', 'version.cjs'])
  })

  it('for a Thrift call is one file with all that the call needs', async () => {
    const call = ['call', 'GetUser', '--idl', idl, '-e', peer.address, '-d', '{"id": 7}', '--connect-timeout', '5s', '--timeout', '10s']
    expect(await loadedBy([...call, '--transport', 'ttheader-framed'])).toEqual(['call-path.cjs', 'compiled-code.cjs', 'kite.cjs', 'rolldown-runtime.cjs', 'version.cjs'])
  })
})
