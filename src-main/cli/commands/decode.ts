// `kite decode`: bytes of a type to JSON; with `--frame`, a whole frame explained byte by byte, with or without an IDL.

import { fail, type ErrorData } from '../../../shared/base/error.ts'
import { compactJson, prettyJson, RawJson, stringifyExact } from '../../../shared/logic/json/write.ts'
import type { ByteNode } from '../../../shared/model/layout.ts'
import type { ExplainedFrame, ValueFormat } from '../../engine/index.ts'
import { choice } from '../arguments.ts'
import { hexLines } from '../call/hex.ts'
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
    { line: 'kite decode --frame --hex --idl user.proto -f http2.hex', says: 'codec.cli.example.frameHttp2' },
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
    await host.line(host.output === 'ndjson' ? compactJson(json) : prettyJson(json))
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
    if (host.output === 'text') await host.line((await textLines(frame, raw, host)).join('\n'))
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

/** The text of `kite call --bytes`, all of the bytes. */
async function textLines({ transport, nodes }: ExplainedFrame, raw: Buffer, host: Host): Promise<readonly string[]> {
  const { t } = await host.translator()
  const title = transport === undefined ? t('codec.cli.frameTitleUnknown', { count: raw.length }) : t('codec.cli.frameTitle', { count: raw.length, transport })
  return [title, ...hexLines({ base64: raw.toString('base64'), length: raw.length, nodes })]
}
