// One IDL text and the way from an offset to a line and column. Parsers keep bare offsets; lines are found only for what is
// shown, so a clean parse of a large file never pays for them.

/** A place in one file as diagnostics and descriptors carry it; line and column count from 1, in UTF-16 units. */
export interface FilePlace {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** An IDL text under the path by which people know it. */
export class SourceFile {
  readonly path: string
  readonly text: string
  #lineStarts: Int32Array | undefined
  #lastLine = 0

  constructor(path: string, text: string) {
    this.path = path
    this.text = text
  }

  /** Line and column of an offset. */
  place(offset: number): FilePlace {
    const starts = (this.#lineStarts ??= findLineStarts(this.text))
    const line = this.#lineAt(starts, offset)
    return { file: this.path, line: line + 1, column: offset - (starts[line] ?? 0) + 1 }
  }

  // Callers mostly walk forward, so the line after the last answer is tried before a binary search.
  #lineAt(starts: Int32Array, offset: number): number {
    let low = 0
    let high = starts.length - 1
    const last = this.#lastLine
    if ((starts[last] ?? 0) <= offset) low = last
    for (let step = 1; low + step <= high; step *= 2) {
      if ((starts[low + step] ?? 0) > offset) {
        high = low + step - 1
        break
      }
    }
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    this.#lastLine = low
    return low
  }
}

function findLineStarts(text: string): Int32Array {
  let starts = new Int32Array(Math.max(16, text.length >> 4))
  let count = 1
  for (let pos = 0; pos < text.length; pos++) {
    const c = text.charCodeAt(pos)
    if (c !== 10 && c !== 13) continue
    if (c === 13 && text.charCodeAt(pos + 1) === 10) pos++
    if (count === starts.length) {
      const grown = new Int32Array(count * 2)
      grown.set(starts)
      starts = grown
    }
    starts[count++] = pos + 1
  }
  return starts.subarray(0, count)
}
