// Bytes that come in pieces, gathered until somebody wants them whole. A piece of one byte costs a hundred in memory: a peer that sends
// nothing else would need a hundredth of what a limit allows to fill it. Small pieces are therefore copied together.

/** From here on a piece is kept as it is: what it costs beside its bytes no longer counts. */
const largeBytes = 4096
const blockBytes = 64 * 1024

export class Gather {
  /** Bytes so far. */
  length = 0
  readonly #parts: Buffer[] = []
  /** The last of the parts, where it is a block of ours that has room. */
  #block: Buffer | undefined
  #used = 0
  /** A single piece is never copied. */
  #first: Buffer | undefined

  push(piece: Buffer): void {
    if (piece.length === 0) return
    this.length += piece.length
    if (this.#parts.length === 0 && this.#block === undefined && this.#first === undefined) {
      this.#first = piece
      return
    }
    const first = this.#first
    this.#first = undefined
    if (first !== undefined) this.#add(first)
    this.#add(piece)
  }

  /** All of it. */
  bytes(): Buffer {
    if (this.#first !== undefined) return this.#first
    this.#seal()
    return this.#parts.length === 1 && this.#parts[0] !== undefined ? this.#parts[0] : Buffer.concat(this.#parts, this.length)
  }

  #add(piece: Buffer): void {
    if (piece.length >= largeBytes) {
      this.#seal()
      this.#parts.push(piece)
      return
    }
    for (let at = 0; at < piece.length;) {
      this.#block ??= Buffer.allocUnsafeSlow(blockBytes)
      const copied = piece.copy(this.#block, this.#used, at)
      at += copied
      this.#used += copied
      if (this.#used === blockBytes) this.#seal()
    }
  }

  #seal(): void {
    if (this.#block !== undefined && this.#used > 0) this.#parts.push(this.#block.subarray(0, this.#used))
    this.#block = undefined
    this.#used = 0
  }
}
