// Which protocols a port speaks: every question on a short connection of its own, several at once, none of which makes a method run. Whether TLS comes
// first is found out first, since everything else is then asked inside of it.

import { KiteError } from '../../../shared/base/error.ts'
import { probeSubjects, type ProbeFinding, type ProbeReport, type ProbeSubject, type ProbeVerdict } from '../../../shared/model/probe.ts'
import type { CodecName, TransportName } from '../../../shared/model/protocol.ts'
import { guessProtocol } from '../transport/foreign.ts'
import { overHttp2 } from '../transport/place.ts'
import { isTlsRefusal } from '../transport/tls-errors.ts'
import type { Secure } from '../transport/transport.ts'
import { askHttp, askHttp2, askWebSocket } from './http.ts'
import { talk, type ProbeLine } from './talk.ts'
import { settleCodec, settleMux } from './settle.ts'
import { askThrift, questions } from './thrift.ts'
import { askTtstream } from './ttstream.ts'

export interface ProbeOptions {
  /** For one connection. */
  readonly connectTimeoutMs?: number
  /** How long silence is listened to before it is taken for an answer. */
  readonly answerMs?: number
  /** Where a WebSocket is looked for. */
  readonly path?: string
  /** A method of the server: with it Thrift and Protobuf of a Kitex server can be told apart. */
  readonly method?: string
  /** What TLS is asked with; default: no client certificate, and nobody is verified. */
  readonly secure?: Secure
  /** Where this TLS does not come about nothing else is asked, in plaintext least of all: for calls that are to go over TLS. */
  readonly onlyTls?: boolean
  readonly signal: AbortSignal
}

const atOnce = 4
/** A connection and TLS 1.2 on it take three; and as many again for a path that varies. */
const tlsRoundTrips = 6
/** How long a handshake may take at least where somebody said that there is TLS. */
const toldTlsMs = 3000

/** Throws KiteError `get_connection` when the address cannot be dialled at all. */
export async function probe(address: string, { connectTimeoutMs = 1000, answerMs = 400, path = '/', method, secure, onlyTls = false, signal }: ProbeOptions): Promise<ProbeReport> {
  const start = performance.now()
  const plain: ProbeLine = { address, connectTimeoutMs, answerMs, signal }
  // Nobody listening is an error, not a report full of noes.
  const greeting = await talk({ ...plain, answerMs: 30 }, Buffer.alloc(0), () => true)
  // Silence is an answer where nobody spoke of TLS; who did is waited for.
  const tlsMs = secure === undefined ? Math.max(1, answerMs) + tlsRoundTrips * greeting.dialMs : Math.max(connectTimeoutMs, toldTlsMs)
  const { finding: tls, end } = await askTls({ ...plain, connectTimeoutMs: tlsMs }, secure)
  // What was refused is not asked in another way, and what was to go over TLS not in plaintext unless there is none.
  if (end === 'refused' || (end !== 'open' && onlyTls) || (end === 'silent' && secure !== undefined)) return { address, tls: end === 'refused', tookMs: performance.now() - start, findings: [tls] }
  const line: ProbeLine = tls.verdict === 'yes' ? { ...plain, secure: secure ?? unverified([]) } : plain
  const { findings, heard } = await askAll(line, tls, { path, method })
  const foreign = findings.some(({ verdict }) => verdict !== 'no') ? undefined : [greeting.bytes, ...heard].map(guessProtocol).find((guess) => guess !== undefined)
  const best = bestOf(findings)
  return {
    address, tls: tls.verdict === 'yes', tookMs: performance.now() - start,
    findings: [tls, ...findings].toSorted((a, b) => probeSubjects.indexOf(a.subject) - probeSubjects.indexOf(b.subject)),
    ...(best === undefined ? {} : { best }),
    ...(foreign === undefined ? {} : { foreign }),
  }
}

async function askAll(line: ProbeLine, tls: ProbeFinding, { path, method }: { readonly path: string; readonly method: string | undefined }): Promise<{ readonly findings: readonly ProbeFinding[]; readonly heard: readonly Buffer[] }> {
  const findings: ProbeFinding[] = []
  const heard: Buffer[] = []
  const h2 = tls.verdict === 'yes' ? { ...line, secure: line.secure === undefined ? unverified(['h2']) : overHttp2(line.secure) } : line
  const asked: (() => Promise<void>)[] = [
    ...questions.map((question) => async (): Promise<void> => {
      const { bytes, ...finding } = await askThrift(line, question)
      findings.push(finding)
      heard.push(bytes)
    }),
    async () => void findings.push(...await askHttp2(h2)),
    async () => void findings.push(await askHttp(line)),
    async () => void findings.push(await askWebSocket(line, path)),
    async () => void findings.push(await askTtstream(line)),
  ]
  await inTurns(asked)
  return { findings: settleMux(await settleCodec(line, findings, method)), heard }
}

async function inTurns(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const left = [...tasks]
  const work = async (): Promise<void> => {
    for (let task = left.shift(); task !== undefined; task = left.shift()) await task()
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

const unverified = (alpn: readonly string[]): Secure => ({ id: `probe/${alpn.join(',')}`, insecure: true, options: { rejectUnauthorized: false, ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }) } })

interface AskedTls {
  readonly finding: ProbeFinding
  /** `refused`: the port speaks TLS, and one of both did not agree; `none`: it speaks something else, or hung up. */
  readonly end: 'open' | 'refused' | 'none' | 'silent'
}

/** The line's time to connect says when a port that does not answer the greeting of TLS has none. */
async function askTls(line: ProbeLine, secure: Secure | undefined): Promise<AskedTls> {
  const start = performance.now()
  try {
    const { tls, tookMs } = await talk({ ...line, answerMs: 1, secure: secure ?? unverified(['h2', 'http/1.1']) }, Buffer.alloc(0), () => true)
    const { version = '', alpn = '', subject = '', validTo = '' } = tls ?? {}
    return { end: 'open', finding: { subject: 'tls', verdict: 'yes', evidence: { key: 'probe.tls', params: { version, alpn: alpn === '' ? '-' : alpn, subject, validTo } }, tookMs } }
  } catch (caught) {
    const { data: { code, text } } = KiteError.from(caught, 'connection')
    if (code === 'cancelled') throw caught
    const end = isTlsRefusal(text.key) ? 'refused' : text.key === 'transport.dialTimedOut' ? 'silent' : 'none'
    // Who named a certificate or an authority wants to know what is wrong with it.
    return { end, finding: { subject: 'tls', verdict: end === 'refused' ? 'yes' : 'no', evidence: secure === undefined && end !== 'refused' ? { key: 'probe.noTls' } : text, tookMs: performance.now() - start } }
  }
}

/** What stands for a finding in a request. */
export const spoken: Readonly<Partial<Record<ProbeSubject, { readonly transport: TransportName; readonly codec?: CodecName }>>> = {
  'ttheader-framed': { transport: 'ttheader-framed', codec: 'thrift-binary' },
  ttheader: { transport: 'ttheader', codec: 'thrift-binary' },
  framed: { transport: 'framed', codec: 'thrift-binary' },
  buffered: { transport: 'buffered', codec: 'thrift-binary' },
  'framed-compact': { transport: 'framed', codec: 'thrift-compact' },
  'buffered-compact': { transport: 'buffered', codec: 'thrift-compact' },
  'ttheader-framed-protobuf': { transport: 'ttheader-framed', codec: 'protobuf' },
  'framed-protobuf': { transport: 'framed', codec: 'protobuf' },
  grpc: { transport: 'grpc' },
  'ttheader-streaming': { transport: 'ttheader-streaming' },
  http: { transport: 'http' },
  websocket: { transport: 'jsonrpc-ws' },
}

/** In the order in which one would choose. */
const preferred: readonly ProbeSubject[] = ['ttheader-framed', 'ttheader', 'framed', 'buffered', 'framed-compact', 'buffered-compact', 'ttheader-framed-protobuf', 'framed-protobuf', 'grpc', 'http', 'websocket']

function bestOf(findings: readonly ProbeFinding[]): ProbeReport['best'] {
  const said = (verdict: ProbeVerdict): ProbeSubject | undefined => preferred.find((subject) => findings.some((finding) => finding.subject === subject && finding.verdict === verdict))
  const likely = said('likely')
  // Either codec: then the IDL decides, and only the framing is told.
  const either = likely === undefined ? undefined : spoken[likely]
  if (either !== undefined) return { transport: either.transport }
  const found = said('yes')
  return found === undefined ? undefined : spoken[found]
}
