// The flags of `kite call` and what they make: a request, and how to show its record. Kitexcall's names work as aliases.

import type { Command } from 'commander'
import type { CallRequestInput } from '../../../shared/model/call.ts'
import { codecs, compressions, transports, type Compression } from '../../../shared/model/protocol.ts'
import { choice, collect, duration, pairs, wholeNumber, type Pair } from '../arguments.ts'
import { words, type CommandModule } from '../command.ts'
import { addTlsFlags, type TlsFlags } from '../tls-flags.ts'
import { usage } from '../usage.ts'

export interface CallFlags extends TlsFlags {
  readonly idl: readonly string[]
  readonly include: readonly string[]
  readonly type?: 'thrift' | 'protobuf'
  readonly method?: string
  readonly data?: string
  readonly file?: string
  readonly endpoint: readonly string[]
  readonly service?: string
  readonly registry?: string
  readonly tag: readonly Pair[]
  readonly pin?: string
  readonly transport: NonNullable<CallRequestInput['transport']>
  readonly codec: NonNullable<CallRequestInput['codec']>
  readonly compress: Compression
  readonly header: readonly Pair[]
  readonly path?: string
  readonly httpVersion?: '1.1' | '2'
  readonly httpBody?: 'auto' | 'json' | 'form' | 'multipart' | 'raw'
  readonly redirects?: number
  readonly dialect?: 'jsonrpc-2.0' | 'kite'
  readonly maxMessage?: number
  readonly keepalive?: number
  readonly stream?: true
  readonly rate?: number
  readonly recvTimeout?: number
  readonly limit?: number
  readonly timeout?: number
  readonly connectTimeout?: number
  readonly meta: readonly Pair[]
  readonly metaPersistent: readonly Pair[]
  readonly metaBackward?: true
  readonly caller: string
  readonly retry?: number
  readonly balancer?: 'weight_round_robin' | 'weight_random'
  readonly pool?: 'auto' | 'short' | 'long' | 'mux'
  readonly policy?: string
  readonly seed?: number
  /** False with `--no-chain`. */
  readonly chain: boolean
  readonly int64: 'number' | 'string'
  readonly enum: 'name' | 'number'
  readonly binary: 'base64' | 'hex' | 'utf8'
  readonly defaults?: true
  readonly bytes?: true
  readonly crossCheck?: true
  readonly stats?: true
}

/** kitexcall's and grpcurl's spellings. */
export const aliases: Readonly<Record<string, string>> = { p: 'idl', 'idl-path': 'idl', 'include-path': 'include', t: 'type', m: 'method', d: 'data', f: 'file', e: 'endpoint', s: 'service', H: 'header', 'import-path': 'include', proto: 'idl', 'max-time': 'timeout' }

/** Where a group of flags begins in help. */
export const groups: NonNullable<CommandModule['groups']> = {
  idl: 'call.cli.group.method', data: 'call.cli.group.body', endpoint: 'call.cli.group.where', transport: 'call.cli.group.protocol', tls: 'call.cli.group.tls', path: 'call.cli.group.http',
  stream: 'call.cli.group.stream', timeout: 'call.cli.group.context', retry: 'call.cli.group.chain', int64: 'call.cli.group.output',
}

const transportNames = ['auto', ...transports] as const

export function addFlags(command: Command): void {
  command
    .argument('[method]', words('call.cli.argument.method'))
    .option('--idl <FILE>', words('call.cli.flag.idl'), collect, [])
    .option('--include <DIR>', words('call.cli.flag.include'), collect, [])
    .option('--type <KIND>', words('call.cli.flag.type'), choice('--type', ['thrift', 'protobuf']))
    .option('--method <NAME>', words('call.cli.flag.method'))
    .option('--data <JSON>', words('call.cli.flag.data'))
    .option('--file <FILE>', words('call.cli.flag.file'))
    .option('--endpoint <ADDRESS>', words('call.cli.flag.endpoint'), collect, [])
    .option('--service <NAME>', words('call.cli.flag.service'))
    .option('--registry <URL>', words('call.cli.flag.registry'))
    .option('--tag <K=V>', words('call.cli.flag.tag'), pairs('--tag'), [])
    .option('--pin <ADDRESS>', words('call.cli.flag.pin'))
    .option('--transport <NAME>', words('call.cli.flag.transport'), transport, 'auto')
    .option('--codec <NAME>', words('call.cli.flag.codec'), choice('--codec', ['auto', ...codecs]), 'auto')
    .option('--compress <NAME>', words('call.cli.flag.compress'), choice('--compress', compressions), 'none')
    .option('--header <K: V>', words('call.cli.flag.header'), pairs('--header', ':'), [])
    .option('--max-message <BYTES>', words('call.cli.flag.maxMessage'), wholeNumber('--max-message', 1))
    .option('--keepalive <DURATION>', words('call.cli.flag.keepalive'), duration('--keepalive'))
  addTlsFlags(command)
    .option('--path <PATH>', words('call.cli.flag.path'))
    .option('--http-version <VERSION>', words('call.cli.flag.httpVersion'), choice('--http-version', ['1.1', '2']))
    .option('--http-body <KIND>', words('call.cli.flag.httpBody'), choice('--http-body', ['auto', 'json', 'form', 'multipart', 'raw']))
    .option('--redirects <N>', words('call.cli.flag.redirects'), wholeNumber('--redirects'))
    .option('--dialect <NAME>', words('call.cli.flag.dialect'), choice('--dialect', ['jsonrpc-2.0', 'kite']))
    .option('--stream', words('stream.cli.flag.stream'))
    .option('--rate <N>', words('stream.cli.flag.rate'), wholeNumber('--rate', 1))
    .option('--recv-timeout <DURATION>', words('stream.cli.flag.recvTimeout'), duration('--recv-timeout'))
    .option('--limit <N>', words('stream.cli.flag.limit'), wholeNumber('--limit', 1))
    .option('--timeout <DURATION>', words('call.cli.flag.timeout'), duration('--timeout'))
    .option('--connect-timeout <DURATION>', words('call.cli.flag.connectTimeout'), duration('--connect-timeout'))
    .option('--meta <K=V>', words('call.cli.flag.meta'), pairs('--meta'), [])
    .option('--meta-persistent <K=V>', words('call.cli.flag.metaPersistent'), pairs('--meta-persistent'), [])
    .option('--meta-backward', words('call.cli.flag.metaBackward'))
    .option('--biz-error', words('call.cli.flag.bizError'))
    .option('--caller <NAME>', words('call.cli.flag.caller'), 'kite.console')
    .option('--retry <N>', words('call.cli.flag.retry'), wholeNumber('--retry'))
    .option('--balancer <NAME>', words('call.cli.flag.balancer'), choice('--balancer', ['weight_round_robin', 'weight_random']))
    .option('--pool <KIND>', words('call.cli.flag.pool'), choice('--pool', ['auto', 'short', 'long', 'mux']))
    .option('--policy <FILE>', words('call.cli.flag.policy'))
    .option('--seed <N>', words('call.cli.flag.seed'), wholeNumber('--seed'))
    .option('--no-chain', words('call.cli.flag.noChain'))
    .option('--int64 <FORM>', words('call.cli.flag.int64'), choice('--int64', ['number', 'string']), 'number')
    .option('--enum <FORM>', words('call.cli.flag.enum'), choice('--enum', ['name', 'number']), 'name')
    .option('--binary <FORM>', words('call.cli.flag.binary'), choice('--binary', ['base64', 'hex', 'utf8']), 'base64')
    .option('--defaults', words('call.cli.flag.defaults'))
    .option('--bytes', words('call.cli.flag.bytes'))
    .option('--cross-check', words('call.cli.flag.crossCheck'))
    .option('--stats', words('call.cli.flag.stats'))
}

/** `TTHeaderFramed` and `ttheader-framed` are the same. */
function transport(value: string): CallFlags['transport'] {
  const plain = value.toLowerCase().replace(/[-_]/g, '')
  const found = transportNames.find((name) => name.replaceAll('-', '') === plain)
  if (found === undefined) throw usage('cli.flagNotOneOf', { flag: '--transport', value, choices: transportNames })
  return found
}
