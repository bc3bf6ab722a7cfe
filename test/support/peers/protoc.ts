// Google's protoc, as PyPI's grpcio-tools carries it, in a virtual environment in the cache.

import { spawn, spawnSync } from 'node:child_process'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildOnce, hashOfFolder } from './build-once.ts'
import { run } from './child.ts'

const sources = join(import.meta.dirname, '../../peers/protoc')
const deadlineMs = 60_000

/** Why there is no protoc here; undefined when it can be had. In CI nothing may be missing. */
export function protocMissing(): string | undefined {
  if (process.env['CI'] === 'true') return undefined
  const version = /Python 3\.(\d+)/.exec(spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout ?? '')
  if (version === null) return 'Python 3 is not installed'
  return Number(version[1]) >= 9 ? undefined : `Python 3.9 or newer is needed, this is ${version[0]}`
}

async function python(): Promise<string> {
  const folder = await buildOnce('protoc', await hashOfFolder(sources), async (target) => {
    await cp(sources, join(target, 'source'), { recursive: true })
    // An environment that is moved keeps working when its interpreter is called by path, as here.
    await run('python3', ['-m', 'venv', join(target, 'venv')])
    await run(join(target, 'venv/bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', join(target, 'source/requirements.txt')])
  })
  return join(folder, 'venv/bin/python')
}

export interface Protoc {
  /** The FileDescriptorSet of files of a folder, imports included; what it said where it refused. */
  compile(folder: string, files: readonly string[]): Promise<{ readonly set: Buffer } | { readonly refused: string }>
  /** Folder with google/rpc and google/api. */
  readonly googleapis: string
}

/** Slow only the first time. */
export async function protoc(): Promise<Protoc> {
  const interpreter = await python()
  const googleapis = (await run(interpreter, ['-c', 'import google.rpc, os; print(os.path.dirname(os.path.dirname(list(google.rpc.__path__)[0])))'])).trim()
  return { googleapis, compile: (folder, files) => compile(interpreter, [folder, googleapis], files) }
}

async function compile(interpreter: string, roots: readonly string[], files: readonly string[]): ReturnType<Protoc['compile']> {
  const target = await mkdtemp(join(tmpdir(), 'kite-protoc-'))
  try {
    const out = join(target, 'set.binpb')
    const args = ['-m', 'grpc_tools.protoc', ...roots.map((root) => `-I${root}`), '--include_imports', '--retain_options', `--descriptor_set_out=${out}`, ...files]
    const { code, stderr } = await finish(interpreter, args)
    return code === 0 ? { set: await readFile(out) } : { refused: stderr }
  } finally {
    await rm(target, { recursive: true })
  }
}

function finish(program: string, args: readonly string[]): Promise<{ readonly code: number | null; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: deadlineMs })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stderr }))
  })
}
