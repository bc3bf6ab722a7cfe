// Reads replies of HTTP/1.x from bytes however they are split (RFC 9112), strict where leniency would let two readers disagree and lenient
// where the standard allows it (a bare LF ends a line). It notes the range of each part while reading, so that the byte view needs no second parse.

import { shownText } from '../../../../shared/logic/byte-node.ts'
import type { ByteNode } from '../../../../shared/model/layout.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'
import { malformed, notHttp, replyCutShort } from './errors.ts'
import { headersOf, type ReplyHead } from './types.ts'

/** Longest line, and all lines of a head together. */
const maxLineBytes = 128 * 1024
const maxHeadBytes = 512 * 1024
/** Interim replies (1xx) before a reply; a server that sends nothing else would fill the byte view. */
const maxInterim = 100
/** Nodes of one reply, beyond which chunks are no longer told one by one. */
const maxNodes = 2000

/** Who is told what came. */
export interface ReplyOwner {
  /** The head; of an interim reply (1xx) too, after which another head follows. */
  head(head: ReplyHead): void
  data(bytes: Buffer): void
  end(trailers: readonly Pair[]): void
}

type State = 'status-line' | 'header' | 'length' | 'until-close' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer' | 'done'

export class ReplyReader {
  readonly nodes: ByteNode[] = []
  /** Ranges of the body in the bytes that came. */
  readonly body: { start: number; end: number }[] = []
  /** Bytes of this reply so far, interim ones included. */
  received = 0
  readonly #owner: ReplyOwner
  /** A reply to HEAD has no body whatever its headers say. */
  readonly #isHead: boolean
  #state: State = 'status-line'
  #line: Buffer[] = []
  #lineBytes = 0
  #headBytes = 0
  #status: Omit<ReplyHead, 'headers'> = { version: '', status: 0, reason: '' }
  #headers: Pair[] = []
  #left = 0
  #interim = 0

  constructor(owner: ReplyOwner, isHead: boolean) {
    this.#owner = owner
    this.#isHead = isHead
  }

  get isDone(): boolean {
    return this.#state === 'done'
  }

  /** Takes bytes; returns how many of them belong to this reply. Throws KiteError. */
  push(chunk: Buffer): number {
    let at = 0
    while (at < chunk.length && !this.isDone) {
      const before = at
      at = this.#isInBody() ? this.#takeBody(chunk, at) : this.#takeLine(chunk, at)
      this.received += at - before
    }
    return at
  }

  /** The peer closed: the end of a body without a length, or a reply cut short. Throws KiteError. */
  close(): void {
    if (this.isDone) return
    if (this.#state === 'until-close') return this.#finish([])
    if (this.#state === 'status-line' && this.#lineBytes > 0) {
      const start = Buffer.concat(this.#line)
      if (!looksLikeHttp(start)) throw notHttp(start)
    }
    const isHead = this.#state === 'status-line' || this.#state === 'header'
    throw replyCutShort(isHead ? 'head' : this.#state === 'length' ? 'body' : 'chunks', this.received)
  }

  #isInBody(): boolean {
    return this.#state === 'length' || this.#state === 'until-close' || this.#state === 'chunk-data'
  }

  #takeBody(chunk: Buffer, at: number): number {
    const end = this.#state === 'until-close' ? chunk.length : Math.min(chunk.length, at + this.#left)
    this.#noteBody(end - at)
    this.#left -= end - at
    const isLast = this.#left === 0 && this.#state !== 'until-close'
    this.#owner.data(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end))
    if (isLast && this.#state === 'chunk-data') this.#state = 'chunk-end'
    else if (isLast) this.#finish([])
    return end
  }

  #noteBody(length: number): void {
    const last = this.body.at(-1)
    if (last !== undefined && last.end === this.received) last.end += length
    else this.body.push({ start: this.received, end: this.received + length })
  }

  #takeLine(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(10, at)
    const end = newline === -1 ? chunk.length : newline + 1
    this.#line.push(chunk.subarray(at, end))
    this.#lineBytes += end - at
    if (this.#state === 'status-line') this.#checkStart()
    if (this.#lineBytes > maxLineBytes) throw malformed('http.lineTooLong', this.received, { limit: maxLineBytes })
    if (newline !== -1) this.#gotLine(end - at)
    return end
  }

  /** Foreign bytes are told from the first few, without waiting for a line that never ends. */
  #checkStart(): void {
    const start = this.#line.length === 1 ? this.#line[0] : Buffer.concat(this.#line)
    if (start !== undefined && !looksLikeHttp(start)) throw notHttp(start)
  }

  #gotLine(ofChunk: number): void {
    const bytes = this.#line.length === 1 && this.#line[0] !== undefined ? this.#line[0] : Buffer.concat(this.#line)
    this.#line = []
    this.#lineBytes = 0
    const end = this.received + ofChunk
    const line = headerText(bytes).replace(/\r?\n$/, '')
    const place = { start: end - bytes.length, end }
    switch (this.#state) {
      case 'status-line':
        return this.#statusLine(line, place)
      case 'header':
      case 'trailer':
        return this.#headerLine(line, place)
      case 'chunk-size':
        return this.#chunkSize(line, place)
      default:
        return this.#chunkEnd(line, place)
    }
  }

  #statusLine(line: string, place: Range): void {
    const match = /^HTTP\/(\d\.\d) (\d{3})(?: (.*))?$/.exec(line)
    if (match === null) throw malformed('http.badStatusLine', place.start, { line: shownText(line) })
    const [, version = '', status = '', reason = ''] = match
    this.#status = { version, status: Number(status), reason }
    this.#headBytes = 0
    this.#state = 'header'
    this.#node({
      ...place, name: 'status line', kind: 'header', value: shownText(line), children: [
        { start: place.start, end: place.start + 8, name: 'version', kind: 'value', type: 'string', value: `HTTP/${version}` },
        { start: place.start + 9, end: place.start + 12, name: 'status', kind: 'value', type: 'u16', value: status },
      ],
    })
  }

  #headerLine(line: string, place: Range): void {
    this.#headBytes += place.end - place.start
    if (this.#headBytes > maxHeadBytes) throw malformed('http.headTooLarge', place.start, { limit: maxHeadBytes })
    if (line === '') return this.#endOfHead(place)
    const last = this.#headers.at(-1)
    // A folded line (RFC 9112 5.2) goes on with the value before it.
    if (/^[ \t]/.test(line) && last !== undefined) this.#headers[this.#headers.length - 1] = [last[0], `${last[1]} ${line.trim()}`]
    else {
      const colon = line.indexOf(':')
      if (colon <= 0 || /\s/.test(line.slice(0, colon))) throw malformed('http.badHeaderLine', place.start, { line: shownText(line) })
      this.#headers.push([line.slice(0, colon), line.slice(colon + 1).trim()])
    }
    const [name, value] = this.#headers.at(-1) ?? ['', '']
    this.#node({ ...place, name, kind: 'info', type: this.#state === 'trailer' ? 'trailer' : 'header', value: shownText(value) })
  }

  #endOfHead(place: Range): void {
    this.#node({ ...place, name: this.#state === 'trailer' ? 'end of trailers' : 'end of head', kind: 'stop' })
    const headers = this.#headers
    this.#headers = []
    if (this.#state === 'trailer') return this.#finish(headers)
    const head = { ...this.#status, headers }
    // 101 is final: what follows is no HTTP.
    const isInterim = head.status < 200 && head.status !== 101
    if (isInterim && ++this.#interim > maxInterim) throw malformed('http.tooManyInterim', place.start, { limit: maxInterim })
    const state = isInterim ? 'status-line' : this.#bodyOf(head, place.start)
    this.#state = state
    this.#owner.head(head)
    if (state === 'done') this.#finish([])
  }

  /** How the body is delimited (RFC 9112 6.3). */
  #bodyOf(head: ReplyHead, offset: number): State {
    if (this.#isHead || head.status === 204 || head.status === 304 || head.status === 101) return 'done'
    const codings = headersOf(head.headers, 'transfer-encoding').join(',').toLowerCase().split(',').map((one) => one.trim()).filter((one) => one !== '')
    if (codings.length > 0) {
      if (codings.length !== 1 || codings[0] !== 'chunked') throw malformed('http.unknownTransferCoding', offset, { coding: codings.join(', ') })
      return 'chunk-size'
    }
    const lengths = new Set(headersOf(head.headers, 'content-length').flatMap((value) => value.split(',')).map((value) => value.trim()))
    const [length] = lengths
    if (length === undefined) return 'until-close'
    if (lengths.size > 1 || !/^\d{1,15}$/.test(length)) throw malformed('http.badContentLength', offset, { value: [...lengths].join(', ') })
    this.#left = Number(length)
    return this.#left === 0 ? 'done' : 'length'
  }

  #chunkSize(line: string, place: Range): void {
    const size = /^([0-9a-fA-F]{1,12})[ \t]*(?:;.*)?$/.exec(line)?.[1]
    if (size === undefined) throw malformed('http.badChunkSize', place.start, { line: shownText(line) })
    this.#left = Number.parseInt(size, 16)
    this.#node({ ...place, name: 'chunk size', kind: 'header', type: 'hex', value: String(this.#left) })
    this.#state = this.#left === 0 ? 'trailer' : 'chunk-data'
  }

  #chunkEnd(line: string, place: Range): void {
    if (line !== '') throw malformed('http.badChunkEnd', place.start)
    this.#node({ ...place, name: 'end of chunk', kind: 'stop' })
    this.#state = 'chunk-size'
  }

  #finish(trailers: readonly Pair[]): void {
    this.#state = 'done'
    this.#owner.end(trailers)
  }

  #node(node: ByteNode): void {
    if (this.nodes.length < maxNodes) this.nodes.push(node)
  }
}

interface Range { readonly start: number; readonly end: number }

const looksLikeHttp = (bytes: Buffer): boolean => 'HTTP/1.'.startsWith(bytes.toString('latin1', 0, 7))

/** Header text is UTF-8 where it can be, else Latin-1, as most servers and clients have it. */
function headerText(bytes: Buffer): string {
  const text = bytes.toString()
  return text.includes('\ufffd') ? bytes.toString('latin1') : text
}
