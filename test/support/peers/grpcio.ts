// Python's grpcio as a server, in a virtual environment of its own in the cache, with code generated there from the IDL of the Go peer.

import { spawnSync } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run, startPeer } from './child.ts'
import { grpcIdlFolder } from './grpc-go.ts'

const sources = join(grpcIdlFolder, '../../grpcio')

/** Why there is no grpcio here; undefined when it can be had. In CI nothing may be missing. */
export function grpcioMissing(): string | undefined {
  if (process.env['CI'] === 'true') return undefined
  const version = /Python 3\.(\d+)/.exec(spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout ?? '')
  if (version === null) return 'Python 3 is not installed'
  return Number(version[1]) >= 9 ? undefined : `Python 3.9 or newer is needed, this is ${version[0]}`
}

/** Folder with the environment and the generated server. Slow only the first time. */
async function buildGrpcio(): Promise<string> {
  const hash = `${await hashOfFolder(sources)}-${await hashOfFolder(grpcIdlFolder)}`
  return await buildOnce('grpcio', hash, async (target) => {
    await cp(sources, join(target, 'source'), { recursive: true })
    // An environment that is moved keeps working when its interpreter is called by path, as here.
    await run('python3', ['-m', 'venv', join(target, 'venv')])
    const python = join(target, 'venv/bin/python')
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(target, 'source/requirements.txt')])
    const out = join(target, 'source')
    await run(python, ['-m', 'grpc_tools.protoc', `-I${grpcIdlFolder}`, `--python_out=${out}`, `--grpc_python_out=${out}`, 'common.proto', 'peer.proto'])
  })
}

export interface GrpcioServer {
  readonly grpc: string
  readonly pid: number
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Starts the server on a free loopback port. */
export async function startGrpcioServer(): Promise<GrpcioServer> {
  const folder = await buildGrpcio()
  const { ports, pid, stop } = await startPeer(join(folder, 'venv/bin/python'), [join(folder, 'source/server.py')])
  return { grpc: `127.0.0.1:${ports['grpc']}`, pid, stop }
}
