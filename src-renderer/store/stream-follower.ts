// One stream as a tab shows it: the host's state of it, how fast it goes, which rows are looked at, what is searched, what stands in the
// compose box. It outlives the view, so that changing tabs loses nothing.

import { createStore } from 'zustand/vanilla'
import type { ErrorData } from '../../shared/base/error.ts'
import { readJson } from '../../shared/logic/json/read.ts'
import { positionAt } from '../../shared/logic/json/position.ts'
import { splitJson } from '../../shared/logic/json/split.ts'
import type { StreamFilter, StreamRow, StreamState } from '../../shared/model/stream-view.ts'
import type { StreamEntry, StreamSummary } from '../../shared/model/stream.ts'
import type { OpenStream, Platform } from '../platform/client.ts'
import type { Slice } from './state.ts'
import { StreamPages } from './stream-pages.ts'
import { hostSource, keptSource, keptState, type StreamSource } from './stream-source.ts'

export interface StreamSearch {
  readonly text: string
  readonly hits: readonly number[]
  /** Which hit is shown; -1 before the first is chosen. */
  readonly at: number
  readonly isBusy: boolean
}

export interface FollowedStream {
  /** Undefined until the host has told. */
  readonly state: StreamState | undefined
  /** Only what the record kept is left. */
  readonly isKeptOnly: boolean
  readonly perSecond: { readonly sent: number; readonly received: number }
  readonly filter: StreamFilter
  /** Position of the list's first row: a list holds a million at most. */
  readonly base: number
  /** The newest row stays in view. */
  readonly isFollowing: boolean
  readonly selected: number | undefined
  readonly detail: StreamEntry | undefined
  readonly search: StreamSearch
  readonly draft: string
  /** Why it cannot be sent as it stands. */
  readonly draftError: ErrorData | undefined
  /** Counts up when rows have come. */
  readonly loaded: number
}

/** Rows of one list: beyond, its pixels would be more than a browser can scroll. */
export const listRows = 1_000_000
const maxHits = 10_000
const noSearch: StreamSearch = { text: '', hits: [], at: -1, isBusy: false }

export class StreamFollower implements Slice<FollowedStream> {
  readonly store = createStore<FollowedStream>(() => ({
    state: undefined, isKeptOnly: false, perSecond: { sent: 0, received: 0 }, filter: 'all', base: 0, isFollowing: true,
    selected: undefined, detail: undefined, search: noSearch, draft: '', draftError: undefined, loaded: 0,
  }))
  readonly #platform: Platform
  readonly #callId: string
  readonly #onFail: (error: ErrorData) => void
  readonly #now: () => number
  #source: StreamSource
  #pages: StreamPages
  #watch: OpenStream | undefined
  #searching = new AbortController()
  #stateAtMs = 0
  #hasDraft = false

  constructor(platform: Platform, callId: string, onFail: (error: ErrorData) => void, now: () => number = () => performance.now()) {
    this.#platform = platform
    this.#callId = callId
    this.#onFail = onFail
    this.#now = now
    this.#source = hostSource(platform, callId)
    this.#pages = this.#newPages()
  }

  /** Follows the host's stream; where the host knows it no more, shows what a record kept. */
  follow(kept?: StreamSummary): void {
    if (this.#watch !== undefined) return
    this.#watch = this.#platform.openStream('stream.watch', { callId: this.#callId }, {
      onItems: (states) => {
        const last = states.at(-1)
        if (last !== undefined) this.#take(last)
      },
      onError: () => {
        // A page that lost its host for a moment asks again; until then, and for a stream of last week, the record is what there is.
        this.#watch = undefined
        if (kept !== undefined) this.#showKept(kept)
      },
    })
  }

  row(position: number): StreamRow | undefined {
    return this.#pages.row(position)
  }

  /** Rows `[from, to)` are in view. */
  show(from: number, to: number): void {
    const { state, filter } = this.store.getState()
    if (state !== undefined) this.#pages.show(from, to, state.rows[filter].end)
  }

  setFilter(filter: StreamFilter): void {
    this.#pages = this.#newPages()
    this.store.setState({ filter, base: 0, isFollowing: true, selected: undefined, detail: undefined })
    this.#keepBase()
    void this.search(this.store.getState().search.text)
  }

  setFollowing(isFollowing: boolean): void {
    if (isFollowing === this.store.getState().isFollowing) return
    this.store.setState({ isFollowing })
    this.#keepBase()
  }

  async select(position: number | undefined): Promise<void> {
    if (position === undefined) return this.store.setState({ selected: undefined, detail: undefined })
    const { filter } = this.store.getState()
    this.store.setState({ selected: position, isFollowing: false, detail: this.row(position) })
    const row = this.row(position)
    if (row !== undefined && row.cut === undefined) return
    const whole = await this.#source.whole(filter, position)
    const now = this.store.getState()
    if (now.selected === position && now.filter === filter && whole.ok) this.store.setState({ detail: whole.value.entries[0] })
  }

  /** Goes through all rows from the first; what comes later is searched when the search is asked again. */
  async search(text: string): Promise<void> {
    this.#searching.abort()
    const searching = new AbortController()
    this.#searching = searching
    if (text === '') return this.store.setState({ search: noSearch })
    this.store.setState({ search: { text, hits: [], at: -1, isBusy: true } })
    const { filter } = this.store.getState()
    for (let from = 0; !searching.signal.aborted;) {
      const found = await this.#source.search(filter, text, from, searching.signal)
      if (searching.signal.aborted) return
      const { search, state } = this.store.getState()
      if (!found.ok) return this.store.setState({ search: { ...search, isBusy: false } })
      const hits = [...search.hits, ...found.value.hits].slice(0, maxHits)
      const isDone = hits.length >= maxHits || found.value.searchedTo >= (state?.rows[filter].end ?? 0)
      this.store.setState({ search: { ...search, hits, isBusy: !isDone } })
      if (search.at === -1 && hits.length > 0) this.hit(0)
      if (isDone) return
      from = Math.max(from + 1, found.value.searchedTo)
    }
  }

  /** Shows a hit by its number, around at both ends. */
  hit(number: number): void {
    const { search } = this.store.getState()
    if (search.hits.length === 0) return
    const at = (number + search.hits.length) % search.hits.length
    const position = search.hits[at] ?? 0
    this.store.setState({ search: { ...search, at }, isFollowing: false })
    this.#bringIntoList(position)
    void this.select(position)
  }

  /** The list begins so that this position is in it. */
  #bringIntoList(position: number): void {
    const { base } = this.store.getState()
    if (position < base || position >= base + listRows) this.store.setState({ base: Math.max(0, position - listRows / 2) })
  }

  setDraft(draft: string): void {
    this.store.setState({ draft, draftError: undefined })
  }

  /** Where nothing was written yet, the body's first message stands as an example of the next. */
  beginDraft(body: string): void {
    if (this.#hasDraft) return
    this.#hasDraft = true
    const [first] = splitJson(body)
    this.store.setState({ draft: first?.json ?? '{}' })
  }

  /** Sends what was written: one message, or several one after another; none of them when one is no JSON. */
  async sendDraft(): Promise<void> {
    const { draft, state } = this.store.getState()
    if (state?.isOpen !== true || state.isSendClosed) return
    const messages = [...splitJson(draft)]
    const draftError = messages.map(({ json, line, column }) => syntaxError(json, line, column)).find((error) => error !== undefined)
    this.store.setState({ draftError })
    if (draftError !== undefined) return
    for (const { json } of messages) await this.send(json)
  }

  /** The rows before the list's first. */
  earlier(): void {
    const { state, filter, base } = this.store.getState()
    this.store.setState({ base: Math.max(state?.rows[filter].first ?? 0, base - listRows / 2), isFollowing: false })
  }

  async ask(channel: 'stream.closeSend' | 'stream.pause' | 'stream.resume'): Promise<void> {
    await this.#told(this.#platform.request(channel, { callId: this.#callId }))
  }

  async setCountOnly(isCountOnly: boolean): Promise<void> {
    await this.#told(this.#platform.request('stream.setCountOnly', { callId: this.#callId, isCountOnly }))
  }

  async send(json: string): Promise<void> {
    await this.#told(this.#platform.request('stream.send', { callId: this.#callId, json }))
  }

  async sendFile(file: File, rate: number): Promise<void> {
    const path = this.#platform.pathOf(file)
    await this.#told(this.#platform.request('stream.sendFile', { callId: this.#callId, rate, ...(path === undefined ? { text: await file.text() } : { path }) }))
  }

  forget(): void {
    this.#searching.abort()
    this.#watch?.close()
    void this.#platform.request('stream.forget', { callId: this.#callId })
  }

  async #told(answer: ReturnType<Platform['request']>): Promise<void> {
    const result = await answer
    if (!result.ok) this.#onFail(result.error)
  }

  #take(next: StreamState): void {
    const now = this.#now()
    const { state, perSecond } = this.store.getState()
    const seconds = (now - this.#stateAtMs) / 1000
    this.#stateAtMs = now
    const rate = (count: (of: StreamState) => number): number => (state === undefined || seconds <= 0 ? 0 : (count(next) - count(state)) / seconds)
    const smooth = (before: number, measured: number): number => (next.isOpen ? before * 0.6 + measured * 0.4 : 0)
    this.store.setState({
      state: next,
      perSecond: { sent: smooth(perSecond.sent, rate(({ counts }) => counts.sent)), received: smooth(perSecond.received, rate(({ counts }) => counts.received)) },
    })
    this.#keepBase()
  }

  /** While the newest row is followed the list moves on in large steps. */
  #keepBase(): void {
    const { state, filter, base, isFollowing } = this.store.getState()
    const rows = state?.rows[filter]
    if (rows === undefined || !isFollowing) return
    if (rows.end > base + listRows || rows.first > base) this.store.setState({ base: Math.max(rows.first, rows.end - listRows / 2) })
  }

  #showKept(kept: StreamSummary): void {
    this.#source = keptSource(kept)
    this.#pages = this.#newPages()
    this.store.setState({ state: keptState(kept), isKeptOnly: true, isFollowing: false })
  }

  #newPages(): StreamPages {
    const pages = new StreamPages((from, count) => this.#source.read(this.store.getState().filter, from, count), () => {
      if (pages === this.#pages) this.store.setState(({ loaded }) => ({ loaded: loaded + 1 }))
    })
    return pages
  }
}

/** Why a message is no JSON, and where in the text that it stands in. */
function syntaxError(json: string, line: number, column: number): ErrorData | undefined {
  const issue = readJson(json).issues.find(({ severity }) => severity === 'error')
  if (issue === undefined) return undefined
  const at = positionAt(json, issue.start)
  return { code: 'body', layer: 'codec', text: issue.text, at: { line: line + at.line - 1, column: at.line === 1 ? column + at.column - 1 : at.column } }
}
