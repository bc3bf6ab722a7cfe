// What a running call announces, in order. Hosts relay these in batches; `shared/logic/fold-call.ts` folds them into what is shown.

import type { CallRecord } from './call.ts'
import type { ChainNode, NodeKind } from './chain.ts'
import type { StreamCounts } from './stream.ts'

export type CallEvent =
  | { readonly kind: 'started'; readonly id: string; readonly traceId: string; readonly service: string; readonly method: string; readonly startTimeUnixNano: string }
  | { readonly kind: 'entered'; readonly n: number; readonly parent: number | null; readonly nodeKind: NodeKind; readonly name: string; readonly attempt: number | null; readonly atNs: number }
  /** A stream went on: counts only, at most some tens a second; its entries are in the stream log. */
  | { readonly kind: 'streamed'; readonly counts: StreamCounts; readonly atNs: number }
  | { readonly kind: 'left'; readonly node: ChainNode }
  | { readonly kind: 'ended'; readonly record: CallRecord }
