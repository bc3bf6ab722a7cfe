// What a port speaks that did not understand a call: told with the failure, since most such failures are a wrong port or protocol. Asked only once a
// call has failed, so that a call that works costs nothing.

import type { Text } from '../../../shared/base/error.ts'
import type { ProbeFinding, ProbeReport, ProbeSubject } from '../../../shared/model/probe.ts'
import type { CodecName, IdlLanguage, TransportName } from '../../../shared/model/protocol.ts'
import type { Secure } from '../transport/transport.ts'
import { askHttp } from './http.ts'
import { probe, spoken } from './probe.ts'
import type { ProbeLine } from './talk.ts'
import { askThrift, questions } from './thrift.ts'

/** The call that failed. */
export interface FailedCall {
  readonly address: string
  readonly transport: TransportName
  readonly codec: CodecName
  readonly language: IdlLanguage
  /** Bytes came, so that the failure tells already what they look like. */
  readonly hasHeard?: boolean
  readonly connectTimeoutMs: number
  readonly secure?: Secure
  readonly signal: AbortSignal
}

const answerMs = 200

/** Best first; whatever else was found comes after. */
const preferred: Readonly<Record<IdlLanguage, readonly ProbeSubject[]>> = {
  thrift: ['ttheader-framed', 'framed', 'buffered', 'framed-compact', 'buffered-compact', 'grpc', 'http'],
  proto: ['grpc', 'ttheader-framed-protobuf', 'framed-protobuf', 'http'],
  none: ['http', 'websocket', 'ttheader-framed', 'framed', 'buffered', 'grpc'],
}

/** Why the port refused; undefined where it may well have understood, or where nothing is known of it. */
export async function whatInstead({ address, connectTimeoutMs, secure, signal, ...call }: FailedCall): Promise<Text | undefined> {
  const report = await probe(address, { connectTimeoutMs, answerMs, signal, ...(secure === undefined ? {} : { secure, onlyTls: true }) })
  if (secure === undefined && report.tls) return { key: 'probe.hint.tls' }
  const found = report.findings.filter(({ verdict }) => verdict !== 'no')
  if (found.some(({ subject }) => isOf(subject, call))) return undefined
  return refusedCompact(found, call) ?? best(found, call.language) ?? (call.hasHeard === true ? undefined : foreign(report))
}

/** A port that says nothing at all to a call: HTTP servers wait for a line, and framed ones for the bytes that a length promises. */
export async function whatSilence({ address, connectTimeoutMs, secure, signal, transport }: FailedCall): Promise<Text | undefined> {
  if (transport === 'http' || transport === 'grpc-web' || transport === 'connect' || transport === 'jsonrpc-ws' || transport === 'grpc') return undefined
  const line: ProbeLine = { address, connectTimeoutMs, answerMs, signal, ...(secure === undefined ? {} : { secure }) }
  const others = questions.filter(({ subject }) => (subject === 'framed' || subject === 'buffered') && subject !== transport)
  const [http, ...thrift] = await Promise.all([askHttp(line), ...others.map((question) => askThrift(line, question))])
  const found = [http, ...thrift].filter(({ verdict }) => verdict !== 'no')
  // A Kitex server answers every framing, and has its own reasons to be silent.
  return found.length === 0 || await isKitex(line) ? undefined : best(found, 'none')
}

async function isKitex(line: ProbeLine): Promise<boolean> {
  const [ttheader] = questions
  return ttheader !== undefined && (await askThrift(line, ttheader)).verdict !== 'no'
}

/** gRPC-Web and Connect are HTTP below, and no question of ours tells them from it. */
function isOf(subject: ProbeSubject, { transport, codec }: Pick<FailedCall, 'transport' | 'codec'>): boolean {
  if (transport === 'grpc-web' || transport === 'connect') return subject === 'http' || subject === 'http2'
  const known = spoken[subject]
  return known?.transport === transport && (known.codec ?? codec) === codec
}

/** Kitex closes the connection on Compact without a word (kitex.md 1.5). */
function refusedCompact(found: readonly ProbeFinding[], { transport, codec }: Pick<FailedCall, 'transport' | 'codec'>): Text | undefined {
  if (codec !== 'thrift-compact' || !found.some(({ subject }) => isOf(subject, { transport, codec: 'thrift-binary' }))) return undefined
  return { key: 'probe.hint.noCompact', params: { transport } }
}

function best(found: readonly ProbeFinding[], language: IdlLanguage): Text | undefined {
  const subjects = found.map(({ subject }) => subject)
  const subject = preferred[language].find((one) => subjects.includes(one)) ?? subjects.find((one) => spoken[one] !== undefined)
  const known = subject === undefined ? undefined : spoken[subject]
  if (known === undefined) return undefined
  const { transport, codec } = known
  return codec === 'thrift-compact' ? { key: 'probe.hint.speaksCodec', params: { transport, codec } } : { key: 'probe.hint.speaks', params: { transport } }
}

const foreign = ({ foreign: other }: ProbeReport): Text | undefined => (other === undefined ? undefined : { key: 'probe.hint.foreign', params: { name: other.name } })
