// Streams of the contract: opened with one input, they yield items until they end or the reader closes. Items travel in batches of at
// most 512 or 16 ms; the engine is pulled only while the reader has granted credit.

import * as z from 'zod'
import type { CallEvent } from '../model/call-event.ts'
import { callRequestSchema } from '../model/call.ts'
import type { IdlSet } from '../model/idl.ts'
import type { ServiceSnapshot } from '../model/instance.ts'
import type { MockHit, MockStatus } from '../model/mock.ts'
import type { ReceiverStatus, TraceSummary } from '../model/trace.ts'
import { streamFilters, type StreamState } from '../model/stream-view.ts'
import type { WorkspaceState } from '../model/workspace.ts'
import type { ErrorData } from '../base/error.ts'

export interface StreamChannel<I extends z.ZodType, T> {
  readonly input: I
  readonly item?: (value: T) => void
}
/** How far a reply was saved. */
export interface ReplySaving {
  readonly bytes: number
  readonly text?: string
}

const stream = <T>() => <I extends z.ZodType>(input: I): StreamChannel<I, T> => ({ input })

/** How far saving a stream's entries came; `text` is the next part where the window itself saves. */
export interface StreamExport {
  readonly entries: number
  readonly text?: string
}

/** The registry as a whole at one moment; `error` says why it cannot be reached now. */
export interface RegistryView {
  readonly origin: string
  readonly services: readonly ServiceSnapshot[]
  readonly state: 'connecting' | 'live' | 'stale' | 'failed' | 'none'
  readonly error?: ErrorData
}

export const streams = {
  /** One call; closing the stream cancels it. */
  'call.run': stream<CallEvent>()(callRequestSchema),
  /** A stream's state: at once, then after each change, some ten times a second at most. Ends with the stream. */
  'stream.watch': stream<StreamState>()(z.object({ callId: z.string() })),
  /** All that is kept of a stream as `ndjson`, to a path, or in parts to a window that has no paths. */
  'stream.export': stream<StreamExport>()(z.object({ callId: z.string(), filter: z.enum(streamFilters).default('all'), path: z.string().optional() })),
  /** A whole reply of which a record holds the beginning, to a path, or in parts to a window that has no paths. */
  'reply.save': stream<ReplySaving>()(z.object({ callId: z.string(), path: z.string().optional() })),
  /** The workspace: at once, then after each change, also from outside (an editor, git, the command line). */
  'workspace.watch': stream<WorkspaceState>()(z.undefined()),
  /** The workspace's IDLs: at once, then after each change of a file. */
  'idl.watch': stream<IdlSet>()(z.undefined()),
  /** The environment's registry: at once, then after each change. */
  'discovery.watch': stream<RegistryView>()(z.undefined()),
  'trace.live': stream<TraceSummary>()(z.undefined()),
  'receiver.watch': stream<ReceiverStatus>()(z.undefined()),
  'mock.watch': stream<readonly MockStatus[]>()(z.undefined()),
  'mock.hits': stream<MockHit>()(z.undefined()),
} as const

export type Streams = typeof streams
export type StreamName = keyof Streams
export type StreamInput<S extends StreamName> = z.input<Streams[S]['input']>
export type StreamParsed<S extends StreamName> = z.output<Streams[S]['input']>
export type StreamItem<S extends StreamName> = Streams[S] extends StreamChannel<z.ZodType, infer T> ? T : never
