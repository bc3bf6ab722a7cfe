// What `--transport auto` finds out before the first call to an address: the one question whose yes is the usual answer, and all of them only when it
// is not. What was found is remembered for a while, so that only the first call pays; what the usual answer does not need is loaded when it is needed.

import type { ProbeSubject } from '../../../shared/model/probe.ts'
import { defaultTransport, type CodecName, type IdlLanguage, type TransportName } from '../../../shared/model/protocol.ts'
import type { MethodKind } from '../../../shared/model/idl.ts'
import { ForAWhile } from '../for-a-while.ts'
import type { Secure } from '../transport/transport.ts'
import type { ProbeLine } from './talk.ts'
import { askThrift, questions } from './thrift.ts'

export interface Found {
  readonly transport: TransportName
  readonly codec?: CodecName
}

/** What is to be called, and how the port is reached. */
export interface AutoQuestion {
  readonly address: string
  readonly language: IdlLanguage
  readonly kind: MethodKind
  /** The method has a route over HTTP. */
  readonly hasRoute: boolean
  readonly connectTimeoutMs: number
  readonly secure?: Secure
  readonly signal: AbortSignal
}

const rememberedMs = 60_000
const answerMs = 200

/** What each language can use, best first; HTTP only for methods that have a route, since a POST to anybody's `/` is no harmless try. */
const wanted: Readonly<Record<'thrift' | 'proto', readonly ProbeSubject[]>> = {
  thrift: ['ttheader-framed', 'ttheader', 'framed', 'buffered', 'framed-compact', 'buffered-compact', 'grpc'],
  proto: ['grpc', 'ttheader-framed-protobuf', 'framed-protobuf'],
}

export class AutoProtocol {
  readonly #known = new ForAWhile<Found | undefined>(rememberedMs, (found) => found !== undefined)

  /** Undefined where nothing that fits was found, or the port cannot be reached: the call itself then says why. */
  find(question: AutoQuestion): Promise<Found | undefined> {
    const { address, language, kind, hasRoute, secure } = question
    // A stream has one usual transport, which no harmless question confirms.
    if (language === 'none' || (kind !== 'unary' && kind !== 'oneway')) return Promise.resolve(undefined)
    const key = `${language}/${hasRoute ? 'route' : ''}/${address}/${secure?.id ?? ''}`
    return this.#known.get(key, question.signal, (signal) => look({ ...question, signal }, language)).catch(() => undefined)
  }
}

async function look(question: AutoQuestion, language: 'thrift' | 'proto'): Promise<Found | undefined> {
  const { address, connectTimeoutMs, secure, signal } = question
  const line: ProbeLine = { address, connectTimeoutMs, answerMs, signal, ...(secure === undefined ? {} : { secure }) }
  if (await isUsual(line, language)) return { transport: defaultTransport(language, question.kind) }
  const { probe, spoken } = await import('./probe.ts')
  const report = await probe(address, { connectTimeoutMs, answerMs, signal, ...(secure === undefined ? {} : { secure, onlyTls: true }) })
  const subjects = question.hasRoute ? [...wanted[language], 'http'] as const : wanted[language]
  const subject = subjects.find((one) => report.findings.some((finding) => finding.subject === one && finding.verdict !== 'no'))
  return subject === undefined ? undefined : spoken[subject]
}

async function isUsual(line: ProbeLine, language: 'thrift' | 'proto'): Promise<boolean> {
  if (language === 'proto') {
    const { askHttp2 } = await import('./http.ts')
    return (await askHttp2(line))[1].verdict === 'yes'
  }
  const [first] = questions
  return first !== undefined && (await askThrift(line, first)).verdict === 'yes'
}
