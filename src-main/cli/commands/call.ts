// `kite call`: one call, its reply on stdout and nothing else; everything that explains it on request. The first path stays short: what
// only explains (words, ladder, hex) is loaded when it is asked for.

import type { CallRecord } from '../../../shared/model/call.ts'
import { inFile } from '../body-text.ts'
import { words, type CommandModule, type Host } from '../command.ts'
import type { EventLines } from '../call/events.ts'
import { addFlags, aliases, groups, type CallFlags } from '../call/flags.ts'
import type { CommandStream } from '../call/stream.ts'
import { exitCodeOf } from '../exit-code.ts'

export const command: CommandModule = {
  examples: [
    { line: "kite call UserService/GetUser --idl user.thrift -e 127.0.0.1:8888 -d '{\"id\": 7}'", says: 'call.cli.example.direct' },
    { line: "kite call GetUser --idl user.thrift -s demo.user --registry etcd://127.0.0.1:2379 --tag zone=a -v", says: 'call.cli.example.registry' },
    { line: "kite call GetUser --idl user.thrift -e 127.0.0.1:8888 -d @body.json --timeout 50ms --retry 2 -o json", says: 'call.cli.example.retry' },
    { line: 'kite call Chat/Talk --idl chat.proto -e 127.0.0.1:8888 -f messages.jsonl --rate 10 -o ndjson', says: 'stream.cli.example.file' },
    { line: 'kite call Chat/Talk --idl chat.proto -e 127.0.0.1:8888 -d @-', says: 'stream.cli.example.typed' },
    { line: "kite call shop.v1.Orders/Get -e 127.0.0.1:50051 -d '{\"id\": \"7\"}' -H 'authorization: Bearer x'", says: 'call.cli.example.reflection' },
    { line: 'kite call Orders/Get --idl orders.proto -e grpcs://orders.test:443 --cacert ca.pem --cert me.pem --key me.key', says: 'call.cli.example.tls' },
    { line: "kite call GetUser --idl gateway.thrift -e http://127.0.0.1:8080 -d '{\"id\": 7}' --bytes", says: 'call.cli.example.http' },
    { line: "kite call 'POST https://shop.test/users' -d '{\"name\": \"Ada\"}' -H 'x-trace: 1' -v", says: 'call.cli.example.plain' },
    { line: "kite call watch -e ws://127.0.0.1:4000 --dialect kite -d '[{\"onChange\": \"[Function]\"}]' --stream", says: 'call.cli.example.jsonrpc' },
    { line: 'kite call -idl-path user.thrift -m UserService/GetUser -e 127.0.0.1:8888 -transport TTHeader -meta k=v', says: 'call.cli.example.kitexcall' },
  ],
  aliases,
  groups,
  register(command, host) {
    addFlags(command.description(words('cli.noun.call')))
    command.action((method: string | undefined, flags: CallFlags) => run(host, method, flags))
  },
}

async function run(host: Host, method: string | undefined, flags: CallFlags): Promise<void> {
  const { createEngine, offerSpans, systemPorts } = await import('../../engine/index.ts')
  const engine = createEngine(systemPorts())
  try {
    const { bodyFileOf, requestOf } = await import('../call/request.ts')
    const { request, baseDir, stream: plan } = await requestOf(engine, method, flags, host)
    const lines = host.output === 'ndjson' ? await linesOf(host, plan !== undefined) : undefined
    const stream = plan === undefined ? undefined : new (await import('../call/stream.ts')).CommandStream(host, { ...plan, limit: flags.limit ?? 0, lines })
    const bodyFile = bodyFileOf(flags)
    const called = await engine.call(request, {
      signal: stream?.signal ?? host.signal,
      ...(baseDir === undefined ? {} : { baseDir }),
      ...(stream === undefined ? {} : { stream: stream.port }),
      ...(lines === undefined ? {} : { onEvent: (event) => { if (event.kind !== 'ended') lines.add(event) } }),
    }).catch((caught: unknown) => {
      throw inFile(caught, bodyFile)
    })
    const record = stream === undefined ? called : asEnded(called, stream, bodyFile)
    lines?.add({ kind: 'ended', record })
    await lines?.done
    await print(host, record, flags)
    host.finish(record.error === undefined ? stream?.hasUnreadable === true ? 1 : 0 : exitCodeOf(record.error))
    await offerSpans(record)
  } finally {
    await engine.dispose()
  }
}

async function linesOf(host: Host, isStream: boolean): Promise<EventLines> {
  const { EventLines } = await import('../call/events.ts')
  const write = (line: string): Promise<void> => host.line(line)
  if (!isStream) return new EventLines(write)
  const [{ errorDocument }, translator] = await Promise.all([import('../report.ts'), host.translator()])
  return new EventLines(write, (error) => errorDocument(error, translator))
}

/** A stream that had messages enough did not fail; a message that could not be sent has its place in the file that it came from. */
function asEnded(record: CallRecord, { isEnough }: CommandStream, bodyFile: string | undefined): CallRecord {
  const { error, ...rest } = record
  if (error === undefined) return record
  if (isEnough && error.code === 'cancelled') return { ...rest, outcome: 'ok' }
  const { at } = error
  return bodyFile === undefined || error.code !== 'body' || at?.line === undefined ? record : { ...record, error: { ...error, at: { file: bodyFile, ...at } } }
}

async function print(host: Host, record: CallRecord, flags: CallFlags): Promise<void> {
  if (host.output === 'text') await printText(host, record)
  else await printDocument(host, record, flags)
  const wordy = host.verbose || flags.bytes === true || flags.stats === true || flags.metaBackward === true || record.crossCheck !== undefined || record.warnings.length > 0
  if (wordy && !host.quiet && host.output === 'text') await (await import('../call/explain.ts')).explain(host, record, flags)
}

async function printText(host: Host, record: CallRecord): Promise<void> {
  if (record.response !== undefined) {
    const { prettyJson } = await import('../../../shared/logic/json/write.ts')
    await host.line(prettyJson(record.response))
  }
  if (record.error === undefined) return
  const { sentences } = await import('../report.ts')
  host.note(sentences(record.error, await host.translator()).join('\n'))
  const value = record.error.exception?.json
  if (value !== undefined) host.note((await import('../../../shared/logic/json/write.ts')).prettyJson(value))
}

async function printDocument(host: Host, record: CallRecord, flags: CallFlags): Promise<void> {
  const { recordDocument } = await import('../call/document.ts')
  const { stringifyExact } = await import('../../../shared/logic/json/write.ts')
  const stats = flags.stats === true ? (await import('../call/stats.ts')).statsOf(record) : undefined
  await host.line(stringifyExact(recordDocument(host.output === 'ndjson' ? withoutKept(record) : record, await host.translator(), stats), host.output === 'json' ? 2 : 0))
}

/** With `ndjson` the messages were lines already. */
function withoutKept(record: CallRecord): CallRecord {
  return record.stream === undefined ? record : { ...record, stream: { ...record.stream, kept: [], left: record.stream.entries } }
}
