// `kite decode`: bytes of a type to JSON; with `--frame`, a whole frame explained byte by byte, with or without an IDL.

import { fail, type ErrorData } from '../../../shared/base/error.ts'
import { prettyJson, RawJson, stringifyExact } from '../../../shared/logic/json/write.ts'
import type { ByteNode } from '../../../shared/model/layout.ts'
import type { ExplainedFrame, ValueFormat } from '../../engine/index.ts'
import { choice } from '../arguments.ts'
import { bytesOfHexDump } from '../hex-dump.ts'
import { codecAliases, loadIdl, readInput, tell, withCodecFlags, withEngine, type CodecFlags } from '../codec-flags.ts'
import { words, type CommandModule, type Host } from '../command.ts'
import { errorDocument, sentences } from '../report.ts'
import { usage } from '../usage.ts'

interface Flags extends CodecFlags {
  readonly frame?: true
  readonly int64: ValueFormat['int64']
  readonly enum: ValueFormat['enums']
  readonly binary: ValueFormat['binary']
  readonly defaults?: true
}

export const command: CommandModule = {
  examples: [
    { line: 'kite decode --idl user.thrift --type User < user.bin', says: 'codec.cli.example.decode' },
    { line: "echo '0a0001000000000000000100' | kite decode --hex --idl user.thrift --type User", says: 'codec.cli.example.decodeHex' },
    { line: 'kite decode --frame -f captured.bin', says: 'codec.cli.example.frame' },
    { line: 'kite decode --frame --idl user.thrift -f captured.bin -o json', says: 'codec.cli.example.frameIdl' },
  ],
  aliases: codecAliases,
  register(command, host) {
    withCodecFlags(command)
      .option('--hex', words('codec.cli.flag.hexIn'))
      .option('--frame', words('codec.cli.flag.frame'))
      .option('--int64 <FORM>', words('codec.cli.flag.int64'), choice('--int64', ['number', 'string']), 'number')
      .option('--enum <FORM>', words('codec.cli.flag.enum'), choice('--enum', ['name', 'number']), 'name')
      .option('--binary <FORM>', words('codec.cli.flag.binary'), choice('--binary', ['base64', 'hex', 'utf8']), 'base64')
      .option('--defaults', words('codec.cli.flag.defaults'))
      .action((flags: Flags) => (flags.frame === true ? explain(flags, host) : decode(flags, host)))
  },
}

const formatOf = (flags: Flags): ValueFormat => ({ int64: flags.int64, enums: flags.enum, binary: flags.binary, defaults: flags.defaults === true })

async function bytesOf(flags: Flags, host: Host): Promise<Buffer> {
  const input = await readInput(flags, host)
  return flags.hex === true ? bytesOfHexDump(input.toString('latin1')) : input
}

async function decode(flags: Flags, host: Host): Promise<void> {
  const { type } = flags
  if (flags.idl.length === 0 || type === undefined) throw usage('codec.cli.needsIdlAndType', {}, { key: 'codec.cli.orFrame' })
  await withEngine(async (engine) => {
    const idl = await loadIdl(engine, flags, host)
    const { json, warnings } = await engine.codec.decode(idl, type, await bytesOf(flags, host), { codec: flags.codec, format: formatOf(flags) })
    await host.line(host.output === 'ndjson' ? json : prettyJson(json))
    await tell(warnings, host)
  })
}

async function explain(flags: Flags, host: Host): Promise<void> {
  await withEngine(async (engine) => {
    const idl = flags.idl.length === 0 ? undefined : await loadIdl(engine, flags, host)
    const raw = await bytesOf(flags, host)
    if (raw.length === 0) throw fail('body', 'usage', 'codec.cli.noBytes', {}, { hint: { key: 'codec.cli.noBytesHint' } })
    const method = flags.type?.replace(/#(args|result)$/, '')
    const frame = await engine.codec.explainFrame(raw, idl, { codec: flags.codec, format: formatOf(flags), ...(method === undefined ? {} : { method }) })
    if (host.output === 'text') await host.line(treeLines(frame, raw.length).join('\n'))
    else await host.line(stringifyExact(await document(frame, raw, flags.codec, host), host.output === 'json' ? 2 : 0))
    await tell(frame.warnings, host)
    const failure = failureOf(frame, raw, flags.codec)
    if (failure !== undefined && host.output === 'text') host.note(sentences(failure, await host.translator()).join('\n'))
    // A frame that cannot be read to its end is a finding.
    if ((frame.transport === undefined && flags.codec === 'auto') || brokenIn(frame.nodes) !== undefined) host.finish(1)
  })
}

const noFrame = (raw: Buffer): ErrorData => fail('body', 'frame', 'codec.cli.notAFrame', { length: raw.length, start: raw.subarray(0, 16).toString('hex') }, { hint: { key: 'codec.cli.notAFrameHint' } }).data

async function document(frame: ExplainedFrame, raw: Buffer, codec: Flags['codec'], host: Host): Promise<unknown> {
  const { transport, head, nodes, json } = frame
  const failure = failureOf(frame, raw, codec)
  return {
    transport: transport ?? null,
    length: raw.length,
    message: head === undefined ? null : { type: head.type, method: head.method, seqId: head.seqId },
    value: json === undefined ? null : new RawJson(json),
    nodes,
    ...(failure === undefined ? {} : { error: errorDocument(failure, await host.translator()) }),
  }
}

/** The first node that nobody understood. */
function brokenIn(nodes: readonly ByteNode[]): ByteNode | undefined {
  for (const node of nodes) {
    const broken = node.kind === 'unknown' ? node : brokenIn(node.children ?? [])
    if (broken !== undefined) return broken
  }
  return undefined
}

/** Why the frame could not be read to its end; undefined where it could. */
function failureOf({ transport, nodes, error }: ExplainedFrame, raw: Buffer, codec: Flags['codec']): ErrorData | undefined {
  if (error !== undefined) return error
  if (transport === undefined && codec === 'auto') return noFrame(raw)
  const broken = brokenIn(nodes)
  return broken === undefined ? undefined : fail('body', 'frame', 'codec.cli.frameBreaksOff', {}, { at: { offset: broken.start }, hint: { key: 'codec.cli.frameBreaksOffHint' } }).data
}

/** One line a node: byte range, then what stands there, indented by depth. */
function treeLines({ transport, nodes }: ExplainedFrame, length: number): readonly string[] {
  const width = String(length).length
  const range = ({ start, end }: { readonly start: number; readonly end: number }): string => `${String(start).padStart(width)}-${String(end).padEnd(width)}`
  const lines = [`${range({ start: 0, end: length })}  frame ${transport ?? '?'}`]
  const add = (node: ByteNode, depth: number): void => {
    lines.push(`${range(node)}  ${'  '.repeat(depth)}${node.name}${node.type === undefined ? '' : ` ${node.type}`}${valueOf(node)}`)
    for (const child of node.children ?? []) add(child, depth + 1)
  }
  for (const node of nodes) add(node, 1)
  return lines
}

// Why something is not understood is told as a sentence below the tree.
const valueOf = ({ value, kind }: ByteNode): string => (value === undefined || kind === 'unknown' ? '' : ` = ${printable(value)}`)

// Bytes of a peer must not steer a terminal.
const printable = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f\ud800-\udfff]/gu, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
