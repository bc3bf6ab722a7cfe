// Reads JSON into nodes without recursion, so that a hostile text can only be refused, never overflow the stack. Tolerates what
// people paste (comments, trailing commas, NaN) and reports it; stops at the first thing that is no JSON, since after it every
// guess would be noise.

import type { Text, TextParams } from '../../base/error.ts'
import type { JsonIssue, JsonMember, JsonNode, JsonReading } from './node.ts'
import { readEscape, skipBlank, type BlankReport } from './scan.ts'

/** Nesting that no honest body reaches; beyond it the text is refused. */
export const maxJsonDepth = 512

/** Reads one JSON value that fills the whole text. Never throws. */
export function readJson(text: string, maxDepth: number = maxJsonDepth): JsonReading {
  const reader = new Reader(text, maxDepth)
  try {
    return { root: reader.readAll(), issues: reader.issues }
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    const { start, end, text: said } = thrown
    return { root: undefined, issues: [...reader.issues, { severity: 'error', start, end, text: said }] }
  }
}

class Refusal {
  readonly start: number
  readonly end: number
  readonly text: Text

  constructor(start: number, end: number, key: string, params: TextParams = {}) {
    this.start = start
    this.end = end
    this.text = { key, params }
  }
}

interface OpenObject { readonly kind: 'object'; readonly start: number; readonly members: JsonMember[]; key: string; keyStart: number; keyEnd: number }
interface OpenArray { readonly kind: 'array'; readonly start: number; readonly items: JsonNode[] }
type Open = OpenObject | OpenArray

class Reader implements BlankReport {
  readonly issues: JsonIssue[] = []
  readonly #text: string
  readonly #maxDepth: number
  readonly #open: Open[] = []
  #at = 0

  constructor(text: string, maxDepth: number) {
    this.#text = text
    this.#maxDepth = maxDepth
  }

  readAll(): JsonNode {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1
    if (this.#peek() === -1) throw new Refusal(0, this.#text.length, 'codec.json.empty')
    for (;;) {
      const value = this.#begin()
      const whole = value === undefined ? undefined : this.#attach(value)
      if (whole === undefined) continue
      if (this.#peek() !== -1) throw this.#unexpected('expectedEnd')
      return whole
    }
  }

  comment(start: number, end: number): void {
    this.issues.push({ severity: 'note', start, end, text: { key: 'codec.json.comment' } })
  }

  openComment(start: number): never {
    throw new Refusal(start, this.#text.length, 'codec.json.openComment')
  }

  /** Reads a scalar or an empty container, or opens a container (undefined). */
  #begin(): JsonNode | undefined {
    const unit = this.#peek()
    const start = this.#at
    switch (unit) {
      case 0x7b:
        this.#at++
        this.#push({ kind: 'object', start, members: [], key: '', keyStart: 0, keyEnd: 0 })
        return this.#peek() === 0x7d ? this.#close() : this.#readKey()
      case 0x5b:
        this.#at++
        this.#push({ kind: 'array', start, items: [] })
        return this.#peek() === 0x5d ? this.#close() : undefined
      case 0x22: {
        const value = this.#readString()
        return { kind: 'string', start, end: this.#at, value }
      }
      default:
        if (unit === 0x2d || (unit >= 0x30 && unit <= 0x39)) return this.#readNumber()
        return this.#readWord()
    }
  }

  /** Hangs a finished value into its container, closing containers as they end; gives the root when all are closed. */
  #attach(finished: JsonNode): JsonNode | undefined {
    let value = finished
    for (;;) {
      const parent = this.#open[this.#open.length - 1]
      if (parent === undefined) return value
      if (parent.kind === 'array') parent.items.push(value)
      else parent.members.push({ key: parent.key, keyStart: parent.keyStart, keyEnd: parent.keyEnd, value })
      if (!this.#continues(parent)) value = this.#close()
      else {
        if (parent.kind === 'object') this.#readKey()
        return undefined
      }
    }
  }

  /** True when another element follows; leaves the closing bracket to be read. */
  #continues(parent: Open): boolean {
    const closing = parent.kind === 'array' ? 0x5d : 0x7d
    const unit = this.#peek()
    if (unit === closing) return false
    if (unit !== 0x2c) throw this.#unexpected(parent.kind === 'array' ? 'expectedCommaOrBracket' : 'expectedCommaOrBrace', parent.start)
    const comma = this.#at++
    if (this.#peek() !== closing) return true
    this.issues.push({ severity: 'warning', start: comma, end: comma + 1, text: { key: 'codec.json.trailingComma' } })
    return false
  }

  #push(open: Open): void {
    if (this.#open.length >= this.#maxDepth) throw new Refusal(open.start, open.start + 1, 'codec.json.tooDeep', { max: this.#maxDepth })
    this.#open.push(open)
  }

  #close(): JsonNode {
    this.#at++
    const open = this.#open.pop()
    if (open === undefined) throw this.#unexpected('expectedValue')
    if (open.kind === 'array') return { kind: 'array', start: open.start, end: this.#at, items: open.items }
    if (open.members.length > 1) this.#reportRepeats(open.members)
    return { kind: 'object', start: open.start, end: this.#at, members: open.members }
  }

  #reportRepeats(members: readonly JsonMember[]): void {
    if (members.length <= 8 ? !repeatsAmongFew(members) : new Set(members.map(({ key }) => key)).size === members.length) return
    const seen = new Set<string>()
    for (const { key, keyStart, keyEnd } of members) {
      if (seen.has(key)) this.issues.push({ severity: 'warning', start: keyStart, end: keyEnd, text: { key: 'codec.json.repeatedKey', params: { name: key } } })
      seen.add(key)
    }
  }

  #readKey(): undefined {
    const open = this.#open[this.#open.length - 1]
    if (this.#peek() !== 0x22 || open?.kind !== 'object') throw this.#unexpected('expectedKey')
    open.keyStart = this.#at
    open.key = this.#readString()
    open.keyEnd = this.#at
    if (this.#peek() !== 0x3a) throw this.#unexpected('expectedColon')
    this.#at++
    return undefined
  }

  #readString(): string {
    const text = this.#text
    const start = ++this.#at
    let at = start
    for (; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      if (unit === 0x22) {
        this.#at = at + 1
        return text.slice(start, at)
      }
      if (unit === 0x5c) return this.#readEscaped(start, at)
      if (unit < 0x20) throw new Refusal(at, at + 1, 'codec.json.controlCharacter', { code: hex4(unit) })
    }
    throw new Refusal(start - 1, text.length, 'codec.json.openString')
  }

  #readEscaped(start: number, firstEscape: number): string {
    const text = this.#text
    let value = ''
    let from = start
    let at = firstEscape
    while (at < text.length) {
      const unit = text.charCodeAt(at)
      if (unit === 0x22) {
        this.#at = at + 1
        return value + text.slice(from, at)
      }
      if (unit < 0x20) throw new Refusal(at, at + 1, 'codec.json.controlCharacter', { code: hex4(unit) })
      if (unit !== 0x5c) {
        at++
        continue
      }
      const escape = readEscape(text, at)
      if (escape === undefined) throw new Refusal(at, Math.min(at + 2, text.length), 'codec.json.badEscape', { escape: text.slice(at, at + 2) })
      value += text.slice(from, at) + escape.value
      at = escape.end
      from = at
    }
    throw new Refusal(start - 1, text.length, 'codec.json.openString')
  }

  #readNumber(): JsonNode {
    const text = this.#text
    const start = this.#at
    let at = start
    if (text.charCodeAt(at) === 0x2d) at++
    if (text.startsWith('Infinity', at)) return this.#readWord()
    const first = at
    at = skipDigits(text, at)
    if (at === first) throw new Refusal(start, at + 1, 'codec.json.badNumber', { raw: text.slice(start, at + 1) })
    if (text.charCodeAt(first) === 0x30 && at > first + 1) throw new Refusal(start, at, 'codec.json.leadingZero', { raw: text.slice(start, at) })
    if (text.charCodeAt(at) === 0x2e) at = this.#digitsAfter(start, at + 1)
    const unit = text.charCodeAt(at)
    if (unit === 0x65 || unit === 0x45) {
      const sign = text.charCodeAt(at + 1)
      at = this.#digitsAfter(start, sign === 0x2b || sign === 0x2d ? at + 2 : at + 1)
    }
    this.#at = at
    return { kind: 'number', start, end: at, raw: text.slice(start, at) }
  }

  #digitsAfter(start: number, from: number): number {
    const end = skipDigits(this.#text, from)
    if (end === from) throw new Refusal(start, from, 'codec.json.badNumber', { raw: this.#text.slice(start, from) })
    return end
  }

  #readWord(): JsonNode {
    const start = this.#at
    const end = wordEnd(this.#text, start)
    const word = this.#text.slice(start, end)
    if (word === '') throw this.#unexpected('expectedValue')
    this.#at = end
    switch (word) {
      case 'true':
      case 'false':
        return { kind: 'boolean', start, end, value: word === 'true' }
      case 'null':
        return { kind: 'null', start, end }
      case 'NaN':
      case 'Infinity':
      case '-Infinity':
        this.issues.push({ severity: 'warning', start, end, text: { key: 'codec.json.bareNumberWord', params: { word } } })
        return { kind: 'number', start, end, raw: word }
      default:
        throw new Refusal(start, end, 'codec.json.unknownWord', { word: word.slice(0, 40) })
    }
  }

  /** The next unit that is no blank and no comment, or -1 at the end. */
  #peek(): number {
    const unit = this.#text.charCodeAt(this.#at)
    if (unit > 0x20 && unit !== 0x2f) return unit
    this.#at = skipBlank(this.#text, this.#at, this)
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : -1
  }

  #unexpected(what: string, openedAt?: number): Refusal {
    const at = this.#at
    const key = `codec.json.${what}`
    const params: Record<string, string> = { found: at < this.#text.length ? String.fromCodePoint(this.#text.codePointAt(at) ?? 0) : '' }
    if (at >= this.#text.length) return new Refusal(openedAt ?? at, at, `${key}AtEnd`, params)
    return new Refusal(at, at + 1, key, params)
  }
}

function repeatsAmongFew(members: readonly JsonMember[]): boolean {
  for (let i = 1; i < members.length; i++) {
    for (let j = 0; j < i; j++) if (members[i]?.key === members[j]?.key) return true
  }
  return false
}

function skipDigits(text: string, from: number): number {
  let at = from
  for (;;) {
    const unit = text.charCodeAt(at)
    if (!(unit >= 0x30 && unit <= 0x39)) return at
    at++
  }
}

function wordEnd(text: string, from: number): number {
  let at = from
  if (text.charCodeAt(at) === 0x2d) at++
  while (isWordUnit(text.charCodeAt(at))) at++
  return at
}

/** Letters, digits, `_` and `$`. */
function isWordUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x5f || unit === 0x24
}

const hex4 = (unit: number): string => unit.toString(16).padStart(4, '0')
