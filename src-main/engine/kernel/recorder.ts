// Makes the chain's record by looking on: it wraps each step, takes the marks itself (so that no middleware can measure wrongly), and
// finds deltas by comparison. A mark where one node calls the next is the same number on both sides, so along every lane
// own + waits + inner = total, to the nanosecond.
//
// Who called whom is told by `#link`, set right before `next` is entered and read as its first act: no await lies between, so
// concurrent attempts cannot mix up.

import type { Text } from '../../../shared/base/error.ts'
import type { CallEvent } from '../../../shared/model/call-event.ts'
import type { ChainNode, Delta, NodeKind, Verdict } from '../../../shared/model/chain.ts'
import type { Observer } from './chain.ts'
import type { Clock } from './clock.ts'
import { requestDeltas, responseDeltas } from './deltas.ts'
import type { Endpoint, Middleware } from './endpoint.ts'
import { subtract, total, union, type Interval } from './intervals.ts'
import type { Note, Reply } from './reply.ts'
import type { RpcInfo } from './rpcinfo.ts'

/** How one node called the next. Both take their marks from it, and the reply passes through it, so that a caller needs no await of its own. */
interface Link {
  readonly parent: OpenNode | undefined
  /** Which of the parent's calls this is. */
  readonly slot: number
  readonly attempt: number | null
  /** Call-relative nanoseconds. */
  readonly at: number
  reply: Reply | undefined
}

/** A node while it runs, and what became of it. */
interface OpenNode {
  readonly n: number
  readonly parent: number | null
  readonly kind: NodeKind
  readonly name: string
  readonly attempt: number | null
  readonly source: ChainNode['source']
  readonly enter: number
  /** Times of its calls and of their returns, changed by {@link marked} only. */
  next: readonly number[]
  back: readonly number[]
  closed: ChainNode | undefined
}

type Judged = Note & { readonly verdict: Verdict }
type Sink = (event: CallEvent) => void

/** Records one call. */
export class Recorder implements Observer {
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #emit: Sink | undefined
  /** In the order entered. */
  readonly #nodes: OpenNode[] = []
  readonly #steps: Middleware[] = []
  #outermost: Endpoint | undefined
  #deepest = -1
  #deepestNode: OpenNode | undefined
  #finished = false
  #link: Link = { parent: undefined, slot: 0, attempt: null, at: 0, reply: undefined }

  /** `startedAt` is the call's start on the monotonic clock: all marks count from it. */
  constructor(clock: Clock, startedAt: number, emit?: Sink) {
    this.#clock = clock
    this.#startedAt = startedAt
    this.#emit = emit
  }

  /** Wraps a step. */
  wrap(step: Middleware, index: number, next: Endpoint): Endpoint {
    this.#steps[index] = step
    const inner = next === this.#outermost ? next : this.#watchTerminal(next)
    const endpoint: Endpoint = (ctx) => this.#run(step, index, ctx, inner)
    this.#outermost = endpoint
    return endpoint
  }

  /** Ends the record: nodes that still run are closed as abandoned, steps that nothing reached are added. In order of entry. */
  finish(): readonly ChainNode[] {
    const at = this.#now()
    for (const node of this.#nodes) if (node.closed === undefined) this.#close(node, at, abandoned, noDeltas)
    if (this.#deepest + 1 < this.#steps.length) this.#addUnreached(at)
    this.#finished = true
    const done: ChainNode[] = []
    for (const { closed } of this.#nodes) if (closed !== undefined) done.push(closed)
    return done
  }

  async #run(step: Middleware, index: number, ctx: RpcInfo, next: Endpoint): Promise<Reply> {
    const link = this.#link
    const node = this.#enter(step, link)
    if (index > this.#deepest) {
      this.#deepest = index
      this.#deepestNode = node
    }
    let passed: RpcInfo | undefined
    let last: Link | undefined
    const tapped: Endpoint = (on) => {
      passed = on
      if (step.attempts === true) return this.#attempt(node, ctx, on, next, (inner) => { last = inner })
      last = this.#call(node, link.attempt, this.#now())
      return next(on)
    }
    let reply: Reply
    try {
      reply = await step.call(ctx, tapped)
    } catch (caught) {
      this.#leave(node, link, undefined, this.#now(), { verdict: 'failed', reason: { key: 'chain.threw', params: { message: caught instanceof Error ? caught.message : String(caught) } } }, noDeltas)
      throw caught
    }
    const inner = last?.reply
    const deltas = deltasOf(step.attempts === true ? ctx : passed, ctx, inner, reply)
    this.#leave(node, link, reply, this.#now(), noteOf(step, reply.note === inner?.note ? undefined : reply.note, last !== undefined, inner, reply, deltas), deltas)
    return reply
  }

  /** Hands the next callee its link; read as its first act. */
  #call(node: OpenNode, attempt: number | null, at: number): Link {
    const slot = node.next.length
    node.next = marked(node.next, slot, at)
    return (this.#link = { parent: node, slot, attempt, at, reply: undefined })
  }

  /** One `next()` of a step whose calls are attempts: a node of its own between the two, with no time of its own. */
  async #attempt(parent: OpenNode, before: RpcInfo, on: RpcInfo, next: Endpoint, tell: (link: Link) => void): Promise<Reply> {
    const outer = this.#call(parent, on.attempt, this.#now())
    tell(outer)
    const node = this.#enter({ kind: 'attempt', name: `attempt ${on.attempt}` }, outer)
    const inner = this.#call(node, on.attempt, outer.at)
    try {
      return await next(on)
    } finally {
      this.#leave(node, outer, inner.reply, node.back[0] ?? this.#now(), inner.reply === undefined ? abandoned : attemptNote(inner.reply), requestDeltas(before, on))
    }
  }

  /** What ends the chain is no step: its reply and its time are told for it. */
  #watchTerminal(terminal: Endpoint): Endpoint {
    return async (ctx) => {
      const { parent, slot } = this.#link
      const link = this.#link
      try {
        return (link.reply = await terminal(ctx))
      } finally {
        if (parent !== undefined) parent.back = marked(parent.back, slot, this.#now())
      }
    }
  }

  #enter({ kind, name, source = 'default' }: Pick<Middleware, 'kind' | 'name' | 'source'>, { parent, attempt, at }: Link): OpenNode {
    const node: OpenNode = { n: this.#nodes.length, parent: parent?.n ?? null, kind, name, attempt, source, enter: at, next: noMarks, back: noMarks, closed: undefined }
    this.#nodes.push(node)
    if (this.#emit !== undefined && !this.#finished) this.#emit({ kind: 'entered', n: node.n, parent: node.parent, nodeKind: kind, name, attempt, atNs: at })
    return node
  }

  #leave(node: OpenNode, link: Link, reply: Reply | undefined, exit: number, note: Judged, deltas: readonly Delta[]): void {
    link.reply = reply
    if (link.parent !== undefined) link.parent.back = marked(link.parent.back, link.slot, exit)
    this.#close(node, exit, note, deltas)
  }

  /** What ends after the record was finished is no longer told. */
  #close(node: OpenNode, exit: number, note: Judged, deltas: readonly Delta[]): void {
    if (this.#finished || node.closed !== undefined) return
    const { n, parent, kind, name, attempt, source, enter, next } = node
    for (let slot = 0; slot < next.length; slot += 1) if (node.back[slot] === undefined) node.back = marked(node.back, slot, exit)
    const waits = note.waits === undefined ? noWaits : waitsOf(note.waits, innerOf(node), { from: enter, to: exit }, this.#startedAt)
    let ownNs = exit - enter - innerNs(node)
    for (const wait of waits) ownNs -= wait.endNs - wait.startNs
    const closed: ChainNode = {
      n, parent, kind, name, attempt, verdict: note.verdict, reason: note.reason, startNs: enter, endNs: exit, ownNs,
      marks: { enter, next, back: node.back, exit }, waits, deltas, source,
      ...(note.decision === undefined ? {} : { decision: note.decision }),
    }
    node.closed = closed
    this.#emit?.({ kind: 'left', node: closed })
  }

  /** "What did not run" is half of the answer: below a rejection each remaining step stands with a length of zero. */
  #addUnreached(at: number): void {
    let parent = this.#deepestNode
    const attempt = parent?.attempt ?? null
    const moment = parent?.closed?.endNs ?? at
    for (const step of this.#steps.slice(this.#deepest + 1)) {
      const node = this.#enter(step, { parent, slot: 0, attempt, at: moment, reply: undefined })
      this.#close(node, moment, { verdict: 'skipped', reason: step.skipped ?? { key: 'chain.notReached' } }, noDeltas)
      parent = node
    }
  }

  #now(): number {
    return this.#clock.now() - this.#startedAt
  }
}

function innerOf({ next, back }: OpenNode): readonly Interval[] {
  if (next.length === 0) return noIntervals
  return union(next.map((from, slot) => ({ from, to: back[slot] ?? from })))
}

/** Nearly every node calls on just once. */
function innerNs(node: OpenNode): number {
  const { next: [from = 0], back: [to = 0] } = node
  return node.next.length > 1 ? total(innerOf(node)) : Math.max(0, to - from)
}

/** Nearly all have one call: a list made with its one number holds just that, where one that grew would have room for seventeen. */
function marked(marks: readonly number[], slot: number, at: number): readonly number[] {
  if (slot === 0 && marks.length <= 1) return [at]
  const all = [...marks]
  all[slot] = at
  return all
}

const noMarks: readonly number[] = []
const noDeltas: readonly Delta[] = []
const noIntervals: readonly Interval[] = []
const noWaits: ChainNode['waits'] = []

function deltasOf(passed: RpcInfo | undefined, ctx: RpcInfo, inner: Reply | undefined, reply: Reply): readonly Delta[] {
  const down = passed === undefined ? noDeltas : requestDeltas(ctx, passed)
  const up = inner === undefined ? noDeltas : responseDeltas(inner, reply)
  return up.length === 0 ? down : [...down, ...up]
}

/** The step's own remark, or what can be seen from outside. */
function noteOf(step: Middleware, note: Note | undefined, calledOn: boolean, inner: Reply | undefined, reply: Reply, deltas: readonly Delta[]): Judged {
  if (step.skipped !== undefined) return { verdict: 'skipped', reason: step.skipped }
  const verdict = note?.verdict ?? seenVerdict(calledOn, inner, reply, deltas)
  return note === undefined ? { verdict, reason: seenReason[verdict] ?? passedOn } : { ...note, verdict }
}

function seenVerdict(calledOn: boolean, inner: Reply | undefined, reply: Reply, deltas: readonly Delta[]): Verdict {
  const good = reply.error === undefined
  if (!calledOn) return good ? 'short-circuit' : 'rejected'
  if (!good && inner?.error === undefined) return 'failed'
  return deltas.length > 0 ? 'changed' : 'pass'
}

const abandoned: Judged = { verdict: 'failed', reason: { key: 'chain.abandoned' } }
const passedOn: Text = { key: 'chain.passed' }
const seenReason: Partial<Readonly<Record<Verdict, Text>>> = {
  'short-circuit': { key: 'chain.shortCircuit' },
  rejected: { key: 'chain.rejected' },
  failed: { key: 'chain.failed' },
  changed: { key: 'chain.changed' },
}

function attemptNote(reply: Reply): Judged {
  const params = { address: reply.instance?.address ?? '', code: reply.error?.code ?? '' }
  switch (reply.outcome) {
    case 'ok':
      return { verdict: 'pass', reason: { key: 'chain.attemptOk', params } }
    case 'biz_error':
      return { verdict: 'pass', reason: { key: 'chain.attemptBizError', params } }
    case 'exception':
      return { verdict: 'failed', reason: { key: 'chain.attemptException', params } }
    case 'timeout':
      return { verdict: 'failed', reason: { key: 'chain.attemptTimeout', params } }
    case 'cancelled':
      return { verdict: 'failed', reason: { key: 'chain.attemptCancelled', params } }
    case 'failed':
      return { verdict: 'failed', reason: reply.error?.text ?? { key: 'chain.failed' } }
  }
}

/** Waits count only where nothing was called meanwhile, and within the node. */
function waitsOf(waits: NonNullable<Note['waits']>, inner: readonly Interval[], node: Interval, startedAt: number): ChainNode['waits'] {
  let taken = inner
  return waits.flatMap(({ from, to, reason }) => {
    const clipped = union([{ from: Math.max(node.from, from - startedAt), to: Math.min(node.to, to - startedAt) }])
    const free = subtract(clipped, taken)
    taken = union([...taken, ...clipped])
    return free.map((each) => ({ startNs: each.from, endNs: each.to, reason }))
  })
}
