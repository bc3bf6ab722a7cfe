// Writes header blocks (RFC 7541). The fields that stay the same from call to call (path, authority, content type, …) are given as one list of
// stable identity and enter the table once; while the table stays as it is, their few bytes are written from memory. What differs from
// call to call (deadlines, metadata) is never added, lest it push the others out.

import type { Pair } from '../../../../shared/model/metainfo.ts'
import { DynamicTable, fieldSize } from './dynamic-table.ts'
import { huffmanLength, huffmanWrite } from './huffman.ts'
import { staticFields, staticNames, staticTable } from './static-table.ts'

/** More than this we do not keep, whatever the peer allows. */
const maxTableBytes = 4096

/** How many lists are remembered; a client of more methods than this writes some of them anew. */
const maxRemembered = 256

/** Values that proxies must not put into their tables either (RFC 7541 7.1.3). */
const secret: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key'])

export class HpackEncoder {
  /** Place in the order of adding, by name and value. */
  readonly #known = new Map<string, Map<string, number>>()
  readonly #table = new DynamicTable(maxTableBytes, (field, order) => this.#forget(field, order))
  readonly #remembered = new Map<readonly Pair[], Buffer>()
  #rememberedAt = 0
  /** A smaller table that the peer asked for and has not been told of. */
  #resized: number | undefined
  #out = Buffer.allocUnsafe(1024)
  #at = 0

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  limitTable(bytes: number): void {
    const limit = Math.min(bytes, maxTableBytes)
    if (limit === this.#table.limit) return
    this.#table.resize(limit)
    this.#remembered.clear()
    // A shrink must be told even when it was undone meanwhile (RFC 7541 4.2); the smallest is kept, and saying less than allowed is no fault.
    this.#resized = Math.min(limit, this.#resized ?? limit)
    this.#table.resize(this.#resized)
  }

  /** A block of both lists. The bytes are good until the next call. */
  encode(lasting: readonly Pair[], passing: readonly Pair[]): Buffer {
    this.#at = 0
    if (this.#resized !== undefined) {
      this.#integer(this.#resized, 5, 0x20)
      this.#resized = undefined
    }
    this.#lasting(lasting)
    for (const field of passing) this.#field(field, false)
    return this.#out.subarray(0, this.#at)
  }

  #lasting(fields: readonly Pair[]): void {
    if (this.#rememberedAt !== this.#table.added) this.#remembered.clear()
    this.#rememberedAt = this.#table.added
    const known = this.#remembered.get(fields)
    if (known !== undefined) {
      this.#room(known.length)
      this.#at += known.copy(this.#out, this.#at)
      return
    }
    const start = this.#at
    for (const field of fields) this.#field(field, !secret.has(field[0]))
    // Only a block that changed nothing says the same when it is sent again.
    if (this.#rememberedAt !== this.#table.added) return
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear()
    this.#remembered.set(fields, Buffer.from(this.#out.subarray(start, this.#at)))
  }

  #field(field: Pair, wanted: boolean): void {
    const [name, value] = field
    const index = staticFields.get(name)?.get(value) ?? this.#dynamicIndex(name, value)
    if (index !== undefined) return this.#integer(index, 7, 0x80)
    // A giant would push everything else out.
    const add = wanted && fieldSize(field) <= this.#table.limit / 2
    const named = staticNames.get(name) ?? this.#dynamicName(name) ?? 0
    if (add) this.#integer(named, 6, 0x40)
    else this.#integer(named, 4, secret.has(name) ? 0x10 : 0)
    if (named === 0) this.#text(name)
    this.#text(value)
    if (add) this.#add(field)
  }

  #add(field: Pair): void {
    const order = this.#table.added
    this.#table.add(field)
    const values = this.#known.get(field[0]) ?? new Map<string, number>()
    this.#known.set(field[0], values.set(field[1], order))
  }

  #forget([name, value]: Pair, order: number): void {
    const values = this.#known.get(name)
    if (values?.get(value) !== order) return
    values.delete(value)
    if (values.size === 0) this.#known.delete(name)
  }

  #dynamicIndex(name: string, value: string): number | undefined {
    const order = this.#known.get(name)?.get(value)
    return order === undefined ? undefined : this.#indexOf(order)
  }

  #dynamicName(name: string): number | undefined {
    const order = this.#known.get(name)?.values().next().value
    return order === undefined ? undefined : this.#indexOf(order)
  }

  #indexOf(order: number): number {
    return staticTable.length + this.#table.added - order
  }

  #integer(value: number, prefix: number, pattern: number): void {
    this.#room(8)
    const mask = (1 << prefix) - 1
    if (value < mask) {
      this.#out[this.#at++] = pattern | value
      return
    }
    this.#out[this.#at++] = pattern | mask
    let rest = value - mask
    while (rest >= 0x80) {
      this.#out[this.#at++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#out[this.#at++] = rest
  }

  /** Huffman where it is shorter. */
  #text(text: string): void {
    const coded = huffmanLength(text)
    if (coded < text.length) {
      this.#integer(coded, 7, 0x80)
      this.#room(coded)
      this.#at = huffmanWrite(text, this.#out, this.#at)
      return
    }
    this.#integer(text.length, 7, 0)
    this.#room(text.length)
    this.#at += this.#out.write(text, this.#at, 'latin1')
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#out.length * 2, this.#at + bytes))
    this.#out.copy(larger, 0, 0, this.#at)
    this.#out = larger
  }
}
