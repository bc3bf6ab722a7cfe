// What a port was found to speak, and why we think so. Asked by `kite probe`, by the window's target bar and by `--transport auto`.

import type { Text } from '../base/error.ts'
import type { CodecName, TransportName } from './protocol.ts'

/** The method that a probe asks for and nobody has; so named that whoever reads a server's log knows who asked. */
export const probeMethod = 'kiteProbe'

/** A transport with its codec where that matters, or a layer below. */
export const probeSubjects = [
  'tls', 'ttheader-framed', 'ttheader', 'framed', 'buffered', 'framed-compact', 'buffered-compact', 'ttheader-framed-protobuf', 'framed-protobuf',
  'mux-only', 'ttheader-streaming', 'grpc', 'http2', 'http', 'websocket',
] as const
export type ProbeSubject = (typeof probeSubjects)[number]

/** `likely`: nothing contradicts it and one sign is for it; no harmless question could settle it. */
export type ProbeVerdict = 'yes' | 'likely' | 'no'

export interface ProbeFinding {
  readonly subject: ProbeSubject
  readonly verdict: ProbeVerdict
  readonly evidence: Text
  readonly tookMs: number
}

export interface ProbeReport {
  readonly address: string
  /** In the order of {@link probeSubjects}. */
  readonly findings: readonly ProbeFinding[]
  /** The best that was found, for eyes; undefined when nothing answered. */
  readonly best?: { readonly transport: TransportName; readonly codec?: CodecName }
  readonly tls: boolean
  /** What else answered, such as Redis or SSH. */
  readonly foreign?: { readonly name: string; readonly evidence: string }
  readonly tookMs: number
}
