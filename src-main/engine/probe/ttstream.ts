// TTHeader Streaming cannot be asked harmlessly for a sure yes: Kitex answers an unknown service or method with silence (kitex.md 1.11). What can be
// seen is whether the port keeps quiet on a Header frame that it understands and hangs up on one that it cannot.

import { probeMethod, type ProbeFinding } from '../../../shared/model/probe.ts'
import { encodeTtHeader } from '../transport/ttheader/encode.ts'
import { intKey, stringKey, ttHeaderFlag } from '../transport/ttheader/keys.ts'
import { silenceOf, talk, type ProbeLine } from './talk.ts'

/** Protocol id of Thrift structs and the frame type of a Header (kitex.md 1.5, 1.11). */
const thriftStruct = 0x10
const headerFrame = '2'

const frame = (frameType: string): Buffer => encodeTtHeader(
  { strings: [[stringKey.service, probeMethod]], ints: [[intKey.frameType, frameType], [intKey.toMethod, probeMethod]] }, 1, ttHeaderFlag.streaming, 0, 0, thriftStruct)

/** Two connections: a good Header frame, then one whose frame type is no number. */
export async function askTtstream(line: ProbeLine): Promise<ProbeFinding> {
  const good = await talk(line, frame(headerFrame), () => true)
  const took = (more: number): number => good.tookMs + more
  if (good.end !== 'silent') return { subject: 'ttheader-streaming', verdict: 'no', evidence: good.bytes.length > 0 ? { key: 'probe.streamAnswered', params: { bytes: good.bytes.length } } : silenceOf(good), tookMs: took(0) }
  const bad = await talk(line, frame('?'), () => true)
  if (bad.end === 'silent') return { subject: 'ttheader-streaming', verdict: 'no', evidence: { key: 'probe.silentToAll' }, tookMs: took(bad.tookMs) }
  return { subject: 'ttheader-streaming', verdict: 'likely', evidence: { key: 'probe.streamSilence' }, tookMs: took(bad.tookMs) }
}
