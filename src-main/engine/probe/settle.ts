// What single answers leave open, settled by looking at them together. A Kitex server answers an unknown method in whatever codec it was asked in, so
// that only a method it knows tells Thrift from Protobuf; and one that multiplexes shows by what it does not answer.

import type { ProbeFinding, ProbeSubject } from '../../../shared/model/probe.ts'
import type { ProbeLine } from './talk.ts'
import { askThrift, questions } from './thrift.ts'

const thriftSubjects: ReadonlySet<ProbeSubject> = new Set(['ttheader-framed', 'ttheader', 'framed', 'buffered'])
const protobufSubjects: ReadonlySet<ProbeSubject> = new Set(['ttheader-framed-protobuf', 'framed-protobuf'])

/** Where both codecs were answered, they are `likely` both; with a method of the server one of them is `no`. */
export async function settleCodec(line: ProbeLine, findings: readonly ProbeFinding[], method: string | undefined): Promise<readonly ProbeFinding[]> {
  const yes = (subjects: ReadonlySet<ProbeSubject>): readonly ProbeFinding[] => findings.filter(({ subject, verdict }) => verdict === 'yes' && subjects.has(subject))
  const [thrift, protobuf] = [yes(thriftSubjects), yes(protobufSubjects)]
  if (thrift.length === 0 || protobuf.length === 0) return findings
  const open = new Set([...thrift, ...protobuf].map(({ subject }) => subject))
  if (method === undefined) return findings.map((finding) => (open.has(finding.subject) ? { ...finding, verdict: 'likely', evidence: { key: 'probe.eitherCodec' } } : finding))
  // An unframed message that breaks off is waited for: what holds for the framed one holds for it.
  const asked = questions.filter(({ subject }) => open.has(subject) && subject !== 'buffered').map((question) => askThrift(line, { ...question, method }))
  const again = new Map((await Promise.all(asked)).map(({ bytes, ...finding }) => [finding.subject, finding]))
  const framed = again.get('framed')
  if (open.has('buffered') && framed !== undefined) again.set('buffered', { ...framed, subject: 'buffered' })
  return findings.map((finding) => again.get(finding.subject) ?? finding)
}

/** Kitex's multiplexing server answers TTHeader and hangs up on everything else that its plain server answers. */
export function settleMux(findings: readonly ProbeFinding[]): readonly ProbeFinding[] {
  const spoken = (subject: ProbeSubject): boolean => findings.some((finding) => finding.subject === subject && finding.verdict !== 'no')
  const isMux = spoken('ttheader-framed') && !spoken('framed') && !spoken('buffered') && !spoken('http2') && !spoken('ttheader-streaming')
  const mux: ProbeFinding = isMux
    ? { subject: 'mux-only', verdict: 'likely', evidence: { key: 'probe.onlyTtheader' }, tookMs: 0 }
    : { subject: 'mux-only', verdict: 'no', evidence: { key: 'probe.notOnlyMux' }, tookMs: 0 }
  return [...findings, mux]
}
