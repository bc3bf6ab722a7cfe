// The bytes that came, as they came, up to a bound; their full length in any case.

export class Tape {
  /** Bytes that came, kept or not. */
  length = 0
  readonly #limit: number
  #chunks: Buffer[] = []
  #kept = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  add(chunk: Buffer): void {
    this.length += chunk.length
    const room = this.#limit - this.#kept
    if (room <= 0) return
    const piece = chunk.length <= room ? chunk : chunk.subarray(0, room)
    this.#kept += piece.length
    this.#chunks.push(piece)
  }

  bytes(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ?? Buffer.alloc(0)
  }
}
