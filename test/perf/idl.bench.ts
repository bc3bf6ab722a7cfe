// How fast IDL text is read: parsing and linking apart, in MB of text a second of CPU time, over realistic generated Thrift and Protobuf
// (comments in two languages, annotations, defaults, services); protobufjs reads the same Protobuf in the same run. Aim: parsing at 20 MB/s or more.

import { Findings } from '../../src-main/engine/idl/diagnostics.ts'
import { SourceFile } from '../../src-main/engine/idl/source-file.ts'
import protobufjs from 'protobufjs'
import { ProtoLoader } from '../../src-main/engine/idl/proto/load.ts'
import { parseProto } from '../../src-main/engine/idl/proto/parse-document.ts'
import { Sources } from '../../src-main/engine/idl/sources.ts'
import { toSourceText } from '../../src-main/engine/idl/read-source.ts'
import { linkThrift } from '../../src-main/engine/idl/thrift/link.ts'
import { parseThrift } from '../../src-main/engine/idl/thrift/parse-document.ts'
import { FileScope } from '../../src-main/engine/idl/thrift/scope.ts'
import { generateProto } from '../support/generate-proto.ts'
import { generateThrift } from '../support/generate-thrift.ts'
import { keep, median, table } from './support/figures.ts'

const rounds = 15

/** CPU milliseconds of a run, so that other processes on the machine do not count. */
function cpuMs<T>(run: () => T): readonly [number, T] {
  const before = process.cpuUsage()
  const result = run()
  const { user, system } = process.cpuUsage(before)
  return [(user + system) / 1000, result]
}

function measure(bytes: Buffer): { readonly megabytes: number; readonly decodeMBps: number; readonly parseMBps: number; readonly linkMBps: number } {
  const megabytes = bytes.length / 1e6
  const samples = Array.from({ length: rounds }, () => {
    const findings = new Findings()
    const [decode, decoded] = cpuMs(() => toSourceText(bytes))
    if (!decoded.ok) throw new Error('believed: generated text is text')
    const source = new SourceFile('bench.thrift', decoded.text)
    const [parse, document] = cpuMs(() => parseThrift(source, findings))
    const [link, linked] = cpuMs(() => linkThrift([new FileScope(source, document)], findings))
    if (findings.sorted(new Map()).length > 0 || linked.services.length === 0) throw new Error('believed: generated text has no findings')
    return { decode, parse, link }
  }).slice(3)
  const rate = (pick: (sample: { decode: number; parse: number; link: number }) => number): number => megabytes / (median(samples.map(pick)) / 1000)
  return { megabytes, decodeMBps: rate(({ decode }) => decode), parseMBps: rate(({ parse }) => parse), linkMBps: rate(({ link }) => link) }
}

/** Parsing alone, and all that makes a set of it: parsing, descriptors, names, options, rules. */
async function measureProto(bytes: Buffer): Promise<Readonly<Record<string, number>>> {
  const megabytes = bytes.length / 1e6
  const text = bytes.toString('utf8')
  const samples: { parse: number; whole: number; theirs: number }[] = []
  for (let round = 0; round < rounds; round++) {
    const [parse] = cpuMs(() => parseProto(new SourceFile('bench.proto', text), new Findings()))
    const findings = new Findings()
    const loader = new ProtoLoader(new Sources(findings, { read: () => Promise.reject(new Error('nothing else is read')), signal: undefined, confineTo: undefined }), findings, [])
    const [add] = cpuMs(() => loader.addRoot(new SourceFile('bench.proto', text)))
    await loader.loadImports()
    const [link, linked] = cpuMs(() => loader.link())
    if (findings.sorted(new Map()).length > 0 || linked.services.length === 0) throw new Error('believed: generated text has no findings')
    const [theirs] = cpuMs(() => protobufjs.parse(text, new protobufjs.Root(), { keepCase: true }))
    samples.push({ parse, whole: add + link, theirs })
  }
  const rate = (pick: (sample: (typeof samples)[number]) => number): number => megabytes / (median(samples.slice(3).map(pick)) / 1000)
  return { megabytes, parseMBps: rate(({ parse }) => parse), wholeMBps: rate(({ whole }) => whole), protobufjsParseMBps: rate(({ theirs }) => theirs) }
}

const proto = {
  'one .proto of 10 MB': await measureProto(Buffer.from(generateProto(5200))),
  'one .proto of 100 kB': await measureProto(Buffer.from(generateProto(52))),
}
table(proto)

const figures = {
  'one file of 10 MB': measure(Buffer.from(generateThrift(5800))),
  'one file of 100 kB': measure(Buffer.from(generateThrift(58))),
  'ASCII only, 10 MB': measure(Buffer.from(generateThrift(5800).replaceAll(/[^\u0000-\u007f]+/g, 'no'))),
}
table(figures)
keep({ aim: { parseMBps: 20 }, figures, proto })
