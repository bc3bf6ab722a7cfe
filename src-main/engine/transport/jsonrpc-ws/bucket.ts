// The open WebSockets of one address, which its pool counts and its leases share.

import type { Dialled } from '../dial.ts'
import type { Place } from '../place.ts'
import type { SessionPlan } from './connect.ts'
import type { Session } from './session.ts'

/** An open session and how it came about. */
export interface Pooled {
  readonly session: Session
  readonly dialled: Dialled
}

/** All sessions of one address and one set of TLS files. */
export interface Bucket extends Place {
  /** By the key of their plan; under way or open. */
  readonly shared: Map<string, Promise<Pooled>>
  readonly open: Set<Pooled>
}

/** Keeps a session among those of its address until it ends. */
export function keep(bucket: Bucket, pooled: Pooled, plan: SessionPlan, isShared: boolean): void {
  const { session } = pooled
  let isFound = isShared
  const hide = (): void => {
    // Once: by then another session may be found by this key.
    if (isFound) bucket.shared.delete(plan.key)
    isFound = false
  }
  bucket.open.add(pooled)
  session.onDoubt = hide
  session.onEnd = () => {
    bucket.open.delete(pooled)
    hide()
  }
}
