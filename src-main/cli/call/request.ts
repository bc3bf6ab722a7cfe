// From flags to a request: where the body comes from, who is called, and which policy governs. What the flags leave open the workspace
// fills in, where there is one.

import { readFile } from 'node:fs/promises'
import { fail } from '../../../shared/base/error.ts'
import type { JsonPiece } from '../../../shared/logic/json/split.ts'
import { transportOfScheme } from '../../../shared/logic/scheme-transport.ts'
import type { CallRequestInput } from '../../../shared/model/call.ts'
import type { Engine, WorkspaceContext } from '../../engine/index.ts'
import type { Host } from '../command.ts'
import { textOf } from '../body-text.ts'
import { usage } from '../usage.ts'
import { carriedBy, placeInMethod, placeOf } from './endpoint.ts'
import type { CallFlags } from './flags.ts'
import { streamKind, type StreamKind } from './stream-kind.ts'

export interface Asked {
  readonly request: CallRequestInput
  /** Where the registry's relative path starts. */
  readonly baseDir?: string
  /** Of a streaming method. */
  readonly stream?: { readonly kind: StreamKind; readonly input: AsyncIterable<JsonPiece> | undefined }
}

/** The call that the command line asks for. */
export async function requestOf(engine: Engine, argument: string | undefined, given: CallFlags, host: Host): Promise<Asked> {
  const named = given.method ?? argument
  const split = given.endpoint.length > 0 || given.service !== undefined ? undefined : placeInMethod(named ?? '')
  const flags = split === undefined ? given : { ...given, endpoint: [split.endpoint] }
  const method = split?.method ?? named
  if (method === undefined || method === '') throw usage('cli.missingArgument', { name: 'Service/Method' }, { key: 'cli.seeHelp', params: { line: 'kite help call' } })
  const context = await contextOf(engine, flags, host)
  const idl = flags.idl.length > 0 ? { paths: [...flags.idl], includeDirs: [...flags.include] } : { paths: [...context?.idl.paths ?? []], includeDirs: [...context?.idl.includeDirs ?? [], ...flags.include] }
  const { target, baseDir } = await targetOf(engine, { flags, context, idl, method }, host)
  const { policy, timeoutMs, connectTimeoutMs } = await policyOf(engine, flags, target, method, host)
  const carried = carriedBy(flags)
  const spoken = { idl, method, target, transport: flags.transport, headers: flags.header.map(([key, value]): [string, string] => [key, value]), ...(carried.tls === undefined ? {} : { tls: carried.tls }) }
  const asked = { ...spoken, transport: await transportOf(engine, spoken, flags, host.signal) }
  const kind = await streamKind(engine, asked, flags, host.signal)
  const input = kind === undefined ? undefined : await (await import('./stream-input.ts')).streamInput(flags, host)
  const request: CallRequestInput = {
    ...asked, policy,
    body: input === undefined ? await bodyOf(engine, flags, asked, host) : '',
    ...streamOf(flags),
    codec: flags.codec,
    compress: flags.compress,
    ...carried,
    ...(flags.maxMessage === undefined ? {} : { maxMessageBytes: flags.maxMessage }),
    ...(flags.keepalive === undefined ? {} : { keepAliveMs: Math.round(flags.keepalive) }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    metainfo: { transient: flags.meta.map(([key, value]): [string, string] => [key, value]), persistent: flags.metaPersistent.map(([key, value]): [string, string] => [key, value]) },
    caller: flags.caller,
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    chain: flags.chain,
    bytes: flags.bytes === true,
    crossCheck: flags.crossCheck === true,
    format: { int64: flags.int64, enums: flags.enum, binary: flags.binary, defaults: flags.defaults === true },
  }
  return { request, ...(baseDir === undefined ? {} : { baseDir }), ...(kind === undefined ? {} : { stream: { kind, input } }) }
}

/** What the scheme of the endpoint says, where no flag does. */
async function transportOf(engine: Engine, asked: Parameters<Engine['describe']>[0], { transport, endpoint: [endpoint] }: CallFlags, signal: AbortSignal): Promise<CallFlags['transport']> {
  const scheme = endpoint === undefined ? '' : placeOf(endpoint).scheme
  if (transport !== 'auto' || scheme === '') return transport
  const needsCallee = transportOfScheme(scheme, undefined) === undefined && asked.idl.paths.length > 0
  // What is wrong with the name the call itself will say.
  const found = needsCallee ? await engine.describe(asked, signal).catch(() => undefined) : undefined
  return transportOfScheme(scheme, found === undefined ? undefined : { language: found.service.language, method: found.method }) ?? 'auto'
}

/** How a stream is driven; absent where no flag says so. */
function streamOf({ stream, rate, recvTimeout }: CallFlags): Pick<CallRequestInput, 'stream'> {
  if (stream !== true && rate === undefined && recvTimeout === undefined) return {}
  return { stream: { ...(rate === undefined ? {} : { rate }), ...(recvTimeout === undefined ? {} : { recvTimeoutMs: recvTimeout }) } }
}

/** The body's file: its places are then told with it. */
export function bodyFileOf({ data, file }: CallFlags): string | undefined {
  const path = data?.startsWith('@') === true ? data.slice(1) : data === undefined ? file : undefined
  return path === '-' ? undefined : path
}

/** A one-off call needs no workspace, and then none is looked for. */
function contextOf(engine: Engine, flags: CallFlags, host: Host): Promise<WorkspaceContext | undefined> {
  const complete = flags.idl.length > 0 && (flags.endpoint.length > 0 || (flags.service !== undefined && flags.registry !== undefined))
  if (complete && host.workspace === undefined && host.env === undefined) return Promise.resolve(undefined)
  return engine.context({ folder: host.workspace, environment: host.env })
}

interface Known {
  readonly flags: CallFlags
  readonly context: WorkspaceContext | undefined
  readonly idl: { readonly paths: readonly string[]; readonly includeDirs: readonly string[] }
  readonly method: string
}

async function targetOf(engine: Engine, { flags, context, idl, method }: Known, host: Host): Promise<{ readonly target: CallRequestInput['target']; readonly baseDir?: string }> {
  const { endpoint, service } = flags
  if (endpoint.length > 0) return { target: { kind: 'direct', endpoints: endpoint.map((each) => placeOf(each).address), ...(service === undefined ? {} : { service }) } }
  const registry = flags.registry === undefined ? context?.registry : { url: flags.registry, baseDir: undefined }
  if (registry === undefined) {
    if (service === undefined) throw usage('call.cli.noTarget', {}, { key: 'call.cli.noTargetHint' })
    throw usage('call.cli.noRegistry', { service }, { key: 'call.cli.noRegistryHint' })
  }
  const name = service ?? await engine.registeredName({ idl, method, registry: registry.url, baseDir: registry.baseDir, told: context?.state.services ?? {} }, host.signal)
  if (name === undefined) throw usage('call.cli.noService', { origin: registry.url }, { key: 'call.cli.noServiceHint' })
  return {
    target: { kind: 'service', service: name, registry: registry.url, tags: Object.fromEntries(flags.tag), ...(flags.pin === undefined ? {} : { pinned: flags.pin }) },
    ...(registry.baseDir === undefined ? {} : { baseDir: registry.baseDir }),
  }
}

/** The file's values, and above them the flags'. */
async function policyOf(engine: Engine, flags: CallFlags, target: CallRequestInput['target'], method: string, host: Host) {
  const subject = { caller: flags.caller, service: target.service ?? '', method: method.slice(method.lastIndexOf('/') + 1) }
  const read = flags.policy === undefined ? undefined : await engine.readPolicy(flags.policy, subject)
  if (read !== undefined && read.warnings.length > 0) {
    const translator = await host.translator()
    for (const warning of read.warnings) host.note(translator.error(warning))
  }
  const timeoutMs = flags.timeout ?? read?.timeoutMs
  const connectTimeoutMs = flags.connectTimeout ?? read?.connectTimeoutMs
  if (flags.retry !== undefined && flags.retry > 5) throw usage('call.cli.tooManyRetries', { retries: flags.retry })
  const policy = {
    ...read?.policy,
    ...(flags.retry === undefined ? {} : { retry: { ...read?.policy.retry, enable: flags.retry > 0, maxRetryTimes: flags.retry } }),
    ...(flags.balancer === undefined ? {} : { balancer: flags.balancer }),
    ...(flags.pool === undefined ? {} : { pool: flags.pool }),
  }
  return { policy, timeoutMs, connectTimeoutMs }
}

async function bodyOf(engine: Engine, flags: CallFlags, asked: Parameters<Engine['describe']>[0], host: Host): Promise<string> {
  if (flags.data !== undefined && flags.file !== undefined) throw usage('cli.flagsConflict', { flag: '--data', other: '--file' })
  if (flags.data !== undefined) return flags.data.startsWith('@') ? readBody(flags.data.slice(1), host) : flags.data
  if (flags.file !== undefined) return readBody(flags.file, host)
  if (!host.terminal.in) return '{}'
  const found = await engine.describe(asked, host.signal).catch(() => undefined)
  return found === undefined ? '{}' : engine.idl.example(found.idl, found.method)
}

async function readBody(path: string, host: Host): Promise<string> {
  if (path === '-') return textOf(await host.readStdin(), undefined)
  let bytes: Buffer
  try {
    bytes = await readFile(path, { signal: host.signal })
  } catch (caught) {
    throw fail('file', 'usage', 'call.cli.bodyUnreadable', { path, reason: caught instanceof Error && 'code' in caught ? String(caught.code) : String(caught) })
  }
  return textOf(bytes, path)
}
