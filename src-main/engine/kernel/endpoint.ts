// The two shapes that everything in a chain has. `next` may be called not at all (breaker open), once, several times (retry, a second
// pick) or at once (a backup request); each call of it gets a context of its own.

import type { Text } from '../../../shared/base/error.ts'
import type { NodeKind } from '../../../shared/model/chain.ts'
import type { Reply } from './reply.ts'
import type { RpcInfo } from './rpcinfo.ts'

/** What is left of the chain. Failures are values in the Reply; a rejected promise is a bug. */
export type Endpoint = (ctx: RpcInfo) => Promise<Reply>

export interface Middleware {
  readonly kind: NodeKind
  readonly name: string
  /** Why it does nothing in this call (no policy, disabled). It is then present in the record and absent from the way. */
  readonly skipped?: Text
  /** Each call of `next` is an attempt of its own and is shown as one. */
  readonly attempts?: boolean
  /** Where its setting came from. */
  readonly source?: 'default' | 'call' | 'workspace' | 'environment'
  call(ctx: RpcInfo, next: Endpoint): Promise<Reply>
}
