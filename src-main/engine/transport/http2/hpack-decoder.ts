// Reads header blocks (RFC 7541). Fields that stand in a table are handed on as the very pairs of that table, so that the headers of a
// repeated call cost a few look-ups and no text. Values are Latin-1: one character is one octet of the wire.

import type { Pair } from '../../../../shared/model/metainfo.ts'
import { DynamicTable, fieldSize } from './dynamic-table.ts'
import { huffmanRead } from './huffman.ts'
import { staticTable } from './static-table.ts'

/** A block that cannot be read: the two tables no longer agree, so that the connection is over (RFC 9113 4.3). */
export class HpackError extends Error {
  override readonly name = 'HpackError'
  /** In bytes from the beginning of the block. */
  readonly offset: number
  readonly reason: string

  constructor(reason: string, offset: number) {
    super(`${reason} at offset ${offset}`)
    this.reason = reason
    this.offset = offset
  }
}

export interface HeaderBlock {
  readonly fields: readonly Pair[]
  /** The list was larger than allowed; `fields` is what fitted. */
  readonly tooLarge: boolean
}

/** An integer takes at most five octets here: none in a header block is larger than 2^28. */
const maxShift = 28

export class HpackDecoder {
  readonly #table: DynamicTable
  readonly #maxTable: number
  readonly #maxList: number
  #bytes: Buffer = Buffer.alloc(0)
  #begin = 0
  #at = 0
  #end = 0

  /** `maxTable`: what our settings allow the peer; `maxList`: largest header list, counted as RFC 7541 4.1 does. */
  constructor(maxTable = 4096, maxList = 1024 * 1024) {
    this.#table = new DynamicTable(maxTable)
    this.#maxTable = maxTable
    this.#maxList = maxList
  }

  /** Reads a whole block. Throws {@link HpackError}. */
  decode(bytes: Buffer, start = 0, end = bytes.length): HeaderBlock {
    this.#bytes = bytes
    this.#begin = start
    this.#at = start
    this.#end = end
    const fields: Pair[] = []
    let size = 0
    while (this.#at < end) {
      const field = this.#field(fields.length === 0)
      if (field === undefined) continue
      size += fieldSize(field)
      if (size <= this.#maxList) fields.push(field)
    }
    return { fields, tooLarge: size > this.#maxList }
  }

  /** The next field, or undefined for a change of the table's size. */
  #field(first: boolean): Pair | undefined {
    const byte = this.#bytes[this.#at] ?? 0
    if ((byte & 0x80) !== 0) return this.#indexed(this.#integer(7))
    if ((byte & 0x40) !== 0) return this.#literal(6, true)
    if ((byte & 0x20) !== 0) return this.#resize(first)
    return this.#literal(4, false)
  }

  #indexed(index: number): Pair {
    const field = index <= staticTable.length ? staticTable[index - 1] : this.#table.at(index - staticTable.length - 1)
    if (field === undefined) throw this.#error(`index ${index} of ${staticTable.length + this.#table.count}`)
    return field
  }

  #literal(prefix: number, add: boolean): Pair {
    const index = this.#integer(prefix)
    const name = index === 0 ? this.#text() : this.#indexed(index)[0]
    const field: Pair = [name, this.#text()]
    if (add) this.#table.add(field)
    return field
  }

  #resize(first: boolean): undefined {
    const size = this.#integer(5)
    if (!first) throw this.#error('table size changed after a field')
    if (size > this.#maxTable) throw this.#error(`table size ${size} over ${this.#maxTable}`)
    this.#table.resize(size)
    return undefined
  }

  #integer(prefix: number): number {
    const mask = (1 << prefix) - 1
    let value = this.#next() & mask
    if (value < mask) return value
    for (let shift = 0; ; shift += 7) {
      if (shift > maxShift) throw this.#error('integer too long')
      const byte = this.#next()
      value += (byte & 0x7f) * 2 ** shift
      if ((byte & 0x80) === 0) return value
    }
  }

  #text(): string {
    const coded = ((this.#bytes[this.#at] ?? 0) & 0x80) !== 0
    const length = this.#integer(7)
    const start = this.#at
    if (length > this.#end - start) throw this.#error(`string of ${length} bytes beyond the block`)
    this.#at = start + length
    if (!coded) return this.#bytes.latin1Slice(start, this.#at)
    const text = huffmanRead(this.#bytes, start, this.#at)
    if (text === undefined) throw this.#error('no Huffman code')
    return text
  }

  #next(): number {
    if (this.#at >= this.#end) throw this.#error('block ends within a field')
    return this.#bytes[this.#at++] ?? 0
  }

  #error(reason: string): HpackError {
    return new HpackError(reason, this.#at - this.#begin)
  }
}
