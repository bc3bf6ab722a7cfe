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

/** How one node called the next: both take their marks from it. */
interface Link {
  readonly parent: number | null
  readonly attempt: number | null
  /** Call-relative nanoseconds. */
  readonly at: number
  back: number | undefined
}

/** A node while it runs. */
interface OpenNode {
  readonly n: number
  readonly parent: number | null
  readonly kind: NodeKind
  readonly name: string
  readonly attempt: number | null
  readonly source: ChainNode['source']
  readonly enter: number
  readonly next: number[]
  readonly back: number[]
}

type Judged = Note & { readonly verdict: Verdict }
type Sink = (event: CallEvent) => void

/** Records one call. */
export class Recorder implements Observer {
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #emit: Sink | undefined
  readonly #open = new Map<number, OpenNode>()
  readonly #done: ChainNode[] = []
  readonly #steps: Middleware[] = []
  #count = 0
  #deepest = -1
  #deepestNode: number | null = null
  #finished = false
  #link: Link

  /** `startedAt` is the call's start on the monotonic clock: all marks count from it. */
  constructor(clock: Clock, startedAt: number, emit?: Sink) {
    this.#clock = clock
    this.#startedAt = startedAt
    this.#emit = emit
    this.#link = { parent: null, attempt: null, at: 0, back: undefined }
  }

  /** Wraps a step. */
  wrap(step: Middleware, index: number, next: Endpoint): Endpoint {
    this.#steps[index] = step
    return (ctx) => this.#run(step, index, ctx, next)
  }

  /** Ends the record: nodes that still run are closed as abandoned, steps that nothing reached are added. In order of entry. */
  finish(): readonly ChainNode[] {
    const at = this.#now()
    for (const node of [...this.#open.values()].reverse()) this.#close(node, at, abandoned, [])
    this.#addUnreached(at)
    this.#finished = true
    return this.#done.sort((left, right) => left.n - right.n)
  }

  async #run(step: Middleware, index: number, ctx: RpcInfo, next: Endpoint): Promise<Reply> {
    const link = this.#link
    const node = this.#enter(step, link)
    if (index > this.#deepest) {
      this.#deepest = index
      this.#deepestNode = node.n
    }
    let passed: RpcInfo | undefined
    let inner: Reply | undefined
    const tapped: Endpoint = async (on) => {
      passed = on
      inner = step.attempts === true ? await this.#attempt(node, ctx, on, next) : await this.#call(node, link.attempt, on, next)
      return inner
    }
    let reply: Reply
    try {
      reply = await step.call(ctx, tapped)
    } catch (caught) {
      const failed: Judged = { verdict: 'failed', reason: { key: 'chain.threw', params: { message: caught instanceof Error ? caught.message : String(caught) } } }
      link.back = this.#close(node, this.#now(), failed, [])
      throw caught
    }
    const note = reply.note === inner?.note ? undefined : reply.note
    const deltas = deltasOf(step.attempts === true ? ctx : passed, ctx, inner, reply)
    link.back = this.#close(node, this.#now(), noteOf(step, note, inner, reply, deltas), deltas)
    return reply
  }

  /** One `next()` of a step whose calls are attempts: a node of its own between the two. */
  async #attempt(parent: OpenNode, before: RpcInfo, on: RpcInfo, next: Endpoint): Promise<Reply> {
    const at = this.#now()
    const slot = parent.next.push(at) - 1
    const node = this.#enterAs({ kind: 'attempt', name: `attempt ${on.attempt}`, source: 'default' }, { parent: parent.n, attempt: on.attempt, at, back: undefined })
    let reply: Reply | undefined
    try {
      reply = await this.#call(node, on.attempt, on, next)
      return reply
    } finally {
      // The attempt has no time of its own: it ends when what it called came back.
      const end = node.back.at(-1) ?? this.#now()
      parent.back[slot] = this.#close(node, end, reply === undefined ? abandoned : attemptNote(reply), requestDeltas(before, on))
    }
  }

  async #call(node: OpenNode, attempt: number | null, on: RpcInfo, next: Endpoint): Promise<Reply> {
    const at = node.kind === 'attempt' ? node.enter : this.#now()
    const slot = node.next.push(at) - 1
    const link: Link = { parent: node.n, attempt, at, back: undefined }
    this.#link = link
    try {
      return await next(on)
    } finally {
      node.back[slot] = link.back ?? this.#now()
    }
  }

  #enter(step: Middleware, link: Link): OpenNode {
    return this.#enterAs({ kind: step.kind, name: step.name, source: step.source ?? 'default' }, link)
  }

  #enterAs({ kind, name, source }: Pick<OpenNode, 'kind' | 'name' | 'source'>, { parent, attempt, at }: Link): OpenNode {
    const node: OpenNode = { n: this.#count, parent, kind, name, attempt, source, enter: at, next: [], back: [] }
    this.#count += 1
    this.#open.set(node.n, node)
    if (!this.#finished) this.#emit?.({ kind: 'entered', n: node.n, parent, nodeKind: kind, name, attempt, atNs: at })
    return node
  }

  /** Returns `exit`. What ends after the record was finished is no longer told. */
  #close(node: OpenNode, exit: number, note: Judged, deltas: readonly Delta[]): number {
    if (this.#finished || !this.#open.has(node.n)) return exit
    const inner = union(node.next.map((from, n) => ({ from, to: node.back[n] ?? exit })))
    const waits = waitsOf(note, inner, { from: node.enter, to: exit }, this.#startedAt)
    const closed: ChainNode = {
      n: node.n, parent: node.parent, kind: node.kind, name: node.name, attempt: node.attempt,
      verdict: note.verdict, reason: note.reason,
      startNs: node.enter, endNs: exit,
      ownNs: exit - node.enter - total(inner) - waits.reduce((sum, wait) => sum + wait.endNs - wait.startNs, 0),
      marks: { enter: node.enter, next: node.next, back: node.next.map((_, n) => node.back[n] ?? exit), exit },
      waits, deltas, source: node.source,
      ...(note.decision === undefined ? {} : { decision: note.decision }),
    }
    this.#open.delete(node.n)
    this.#done.push(closed)
    this.#emit?.({ kind: 'left', node: closed })
    return exit
  }

  /** "What did not run" is half of the answer: below a rejection each remaining step stands with a length of zero. */
  #addUnreached(at: number): void {
    let parent = this.#deepestNode
    const attempt = this.#done.find(({ n }) => n === parent)?.attempt ?? null
    const moment = this.#done.find(({ n }) => n === parent)?.endNs ?? at
    for (const step of this.#steps.slice(this.#deepest + 1)) {
      const node = this.#enter(step, { parent, attempt, at: moment, back: undefined })
      this.#close(node, moment, { verdict: 'skipped', reason: step.skipped ?? { key: 'chain.notReached' } }, [])
      parent = node.n
    }
  }

  #now(): number {
    return this.#clock.now() - this.#startedAt
  }
}

function deltasOf(passed: RpcInfo | undefined, ctx: RpcInfo, inner: Reply | undefined, reply: Reply): readonly Delta[] {
  const down = passed === undefined ? [] : requestDeltas(ctx, passed)
  const up = inner === undefined ? [] : responseDeltas(inner, reply)
  return up.length === 0 ? down : [...down, ...up]
}

/** The step's own remark, or what can be seen from outside. */
function noteOf(step: Middleware, note: Note | undefined, inner: Reply | undefined, reply: Reply, deltas: readonly Delta[]): Judged {
  if (step.skipped !== undefined) return { verdict: 'skipped', reason: step.skipped }
  const verdict = note?.verdict ?? seenVerdict(inner, reply, deltas)
  return note === undefined ? { verdict, reason: seenReason[verdict] ?? passedOn } : { ...note, verdict }
}

function seenVerdict(inner: Reply | undefined, reply: Reply, deltas: readonly Delta[]): Verdict {
  const good = reply.error === undefined
  if (inner === undefined) return good ? 'short-circuit' : 'rejected'
  if (!good && inner.error === undefined) return 'failed'
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
function waitsOf(note: Note, inner: readonly Interval[], node: Interval, startedAt: number): ChainNode['waits'] {
  if (note.waits === undefined) return []
  let taken = inner
  return note.waits.flatMap(({ from, to, reason }) => {
    const clipped = union([{ from: Math.max(node.from, from - startedAt), to: Math.min(node.to, to - startedAt) }])
    const free = subtract(clipped, taken)
    taken = union([...taken, ...clipped])
    return free.map((each) => ({ startNs: each.from, endNs: each.to, reason }))
  })
}
