// A real etcd (Debian's etcd-server) on loopback with free ports and a data folder of its own. It can be stopped and started again on
// the same ports with the same data, which is what a registry outage looks like.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** Why there is no etcd here; undefined when there is one. */
export function etcdMissing(): string | undefined {
  return spawnSync('etcd', ['--version']).status === 0 ? undefined : 'etcd is not installed (Debian: etcd-server)'
}

export interface EtcdServer {
  /** `host:port` for clients. */
  readonly address: string
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops and removes its data. */
  dispose(): Promise<void>
}

export async function startEtcd(): Promise<EtcdServer> {
  const data = await mkdtemp(join(tmpdir(), 'kite-etcd-'))
  const [port, peerPort] = [await freePort(), await freePort()]
  const address = `127.0.0.1:${port}`
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    child = run(data, `http://${address}`, `http://127.0.0.1:${peerPort}`)
    await untilHealthy(`http://${address}/health`, child)
  }
  const stop = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  await start()
  return { address, start, stop, dispose: async () => stop().then(() => rm(data, { recursive: true, force: true })) }
}

function run(data: string, client: string, peer: string): ChildProcess {
  const args = [
    '--data-dir', data, '--listen-client-urls', client, '--advertise-client-urls', client, '--listen-peer-urls', peer,
    '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`, '--log-level', 'error',
  ]
  return spawn('etcd', args, { stdio: 'ignore', env: { ...process.env, ETCD_UNSUPPORTED_ARCH: process.arch } })
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 20_000
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`etcd ended with ${child.exitCode}`)
    const healthy = await fetch(url).then((answer) => answer.ok, () => false)
    if (healthy) return
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
  throw new Error('etcd did not become healthy within 20 s')
}
