// Apache Thrift's reading of every message of a call beside ours, joined to one verdict. Asked for only, since the package is large.

import type { CallRecord } from '../../shared/model/call.ts'
import type { IdlSet } from '../../shared/model/idl.ts'
import type { Envelope } from './codec/codec.ts'
import type { FoundMethod } from './idl/find-method.ts'
import type { WireFrames } from './kernel/reply.ts'
import { explainFrame } from './transport/explain.ts'
import type { Captured } from './transport/transport.ts'

type Verdict = NonNullable<CallRecord['crossCheck']>

/** What was spoken, so far as it decides how a message is read. */
export interface Spoken {
  readonly codec: 'thrift-binary' | 'thrift-compact'
  readonly envelope: Envelope
}

interface Message {
  readonly attempt: number
  readonly direction: 'sent' | 'received'
  readonly bytes: Buffer
}

/** Paths begin with the attempt and the direction where there are several messages. */
export async function crossChecks(frames: readonly WireFrames[], idl: IdlSet, { service, method }: FoundMethod, spoken: Spoken): Promise<Verdict> {
  const { crossCheck } = await import('./codec/cross-check.ts')
  const differences: Verdict['differences'][number][] = []
  for (const { attempt, direction, bytes } of frames.flatMap(messagesOf)) {
    const found = await crossCheck(bytes, idl, service, method, direction, spoken)
    for (const each of found.differences) differences.push({ ...each, path: `${direction} ${attempt}: ${each.path}` })
  }
  return { agreed: differences.length === 0, differences }
}

const messagesOf = ({ attempt, sent, received, sentCaptured, receivedCaptured }: WireFrames): readonly Message[] => [
  ...bytesOf(sent, sentCaptured).map((bytes) => ({ attempt, direction: 'sent' as const, bytes })),
  ...(received === undefined ? [] : bytesOf(received, receivedCaptured).map((bytes) => ({ attempt, direction: 'received' as const, bytes }))),
]

function bytesOf(raw: Buffer, captured: Captured | undefined): readonly Buffer[] {
  if (captured !== undefined) return captured.messages.map(({ start, end, message }) => message ?? captured.bytes.subarray(start, end))
  const { messageOffset } = explainFrame(raw)
  return messageOffset === undefined ? [] : [raw.subarray(messageOffset)]
}
