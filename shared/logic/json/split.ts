// Cuts a text of JSON values that follow one another (a stream's body, a `.jsonl` file, standard input as it is typed) into the texts of
// its values, in pieces of any size. It only looks at brackets, quotes and comments: whether a piece is JSON its reader says, who words
// that well and knows the place within the piece; a piece knows its own place in the whole. So nothing is lost and nothing is read twice.

/** The text of one value. Lines and columns count from 1, columns in UTF-16 units. */
export interface JsonPiece {
  readonly json: string
  /** Where it begins, in UTF-16 units of all that was fed. */
  readonly offset: number
  readonly line: number
  readonly column: number
}

const newline = 0x0a
const carriageReturn = 0x0d
const quote = 0x22
const backslash = 0x5c
const slash = 0x2f
const star = 0x2a

/** Feed it texts in order, take pieces until there is none, and at last say that nothing more comes. */
export class JsonSplitter {
  #text = ''
  /** Scanned as far as this. */
  #at = 0
  /** Where the open value begins in `#text`; -1: none is open. */
  #start = -1
  /** The open value's part that was fed earlier: kept apart, or each feed would copy all of it. */
  #earlier = ''
  #depth = 0
  #within: 'string' | 'line comment' | 'block comment' | undefined
  #isOver = false
  #line = 1
  /** Where the current line begins in `#text`; below 0 when that part was dropped already. */
  #lineStart = 0
  /** Units before `#text`. */
  #fed = 0
  #startOffset = 0
  #startLine = 1
  #startColumn = 1

  /** More text. */
  feed(text: string): void {
    if (this.#start !== -1) {
      this.#earlier += this.#text.slice(this.#start, this.#at)
      this.#start = 0
    }
    this.#text = this.#at >= this.#text.length ? text : this.#text.slice(this.#at) + text
    this.#lineStart -= this.#at
    this.#fed += this.#at
    this.#at = 0
  }

  /** Nothing more comes: what is open is a piece as it stands. */
  end(): void {
    this.#isOver = true
  }

  /** The next whole value; undefined: more text is needed, or all is done. */
  next(): JsonPiece | undefined {
    while (this.#at < this.#text.length) {
      if (this.#within !== undefined) {
        if (!this.#leave()) break
        if (this.#depth === 0 && this.#start !== -1) return this.#take()
        continue
      }
      const before = this.#at
      if (this.#step()) return this.#take()
      if (this.#at === before) break
    }
    return this.#isOver && this.#start !== -1 ? this.#take() : undefined
  }

  /** One unit outside of strings and comments; true when it ends a value. Stands still when it needs more text. */
  #step(): boolean {
    const unit = this.#text.charCodeAt(this.#at)
    switch (unit) {
      case 0x20: case 0x09: case 0x1e: case 0xfeff:
        this.#at += 1
        return false
      case newline: case carriageReturn:
        return this.#breakLine(unit)
      case slash:
        return this.#comment()
      case quote:
        this.#open()
        this.#within = 'string'
        this.#at += 1
        return false
      case 0x7b: case 0x5b:
        this.#open()
        this.#depth += 1
        this.#at += 1
        return false
      case 0x7d: case 0x5d:
        this.#open()
        this.#at += 1
        this.#depth = Math.max(0, this.#depth - 1)
        return this.#depth === 0
      default:
        return this.#depth > 0 ? this.#pass() : this.#word()
    }
  }

  /** What stands between brackets and is neither string, comment nor bracket. */
  #pass(): boolean {
    this.#at += 1
    return false
  }

  /** A number or word at the top, or a unit that belongs nowhere; its end is told by what follows. */
  #word(): boolean {
    this.#open()
    let at = this.#at
    while (at < this.#text.length && !isEdge(this.#text.charCodeAt(at))) at += 1
    if (at === this.#at) at += 1
    else if (at === this.#text.length && !this.#isOver) return false
    this.#at = at
    return true
  }

  #comment(): boolean {
    const second = this.#text.charCodeAt(this.#at + 1)
    if (Number.isNaN(second) && !this.#isOver) return false
    if (second === slash || second === star) {
      this.#within = second === slash ? 'line comment' : 'block comment'
      this.#at += 2
      return false
    }
    if (this.#depth > 0) return this.#pass()
    this.#open()
    this.#at += 1
    return true
  }

  #breakLine(unit: number): boolean {
    const second = this.#text.charCodeAt(this.#at + 1)
    if (unit === carriageReturn && Number.isNaN(second) && !this.#isOver) return false
    this.#at += unit === carriageReturn && second === newline ? 2 : 1
    this.#line += 1
    this.#lineStart = this.#at
    return false
  }

  /** To the end of the string or comment; false: it is not here yet. */
  #leave(): boolean {
    if (this.#within === 'string') return this.#leaveString()
    const isLine = this.#within === 'line comment'
    while (this.#at < this.#text.length) {
      const unit = this.#text.charCodeAt(this.#at)
      if (unit === newline || unit === carriageReturn) {
        if (isLine) return this.#left()
        const before = this.#at
        this.#breakLine(unit)
        if (this.#at === before) return false
        continue
      }
      if (!isLine && unit === star) {
        if (this.#at + 1 >= this.#text.length && !this.#isOver) return false
        if (this.#text.charCodeAt(this.#at + 1) === slash) {
          this.#at += 2
          return this.#left()
        }
      }
      this.#at += 1
    }
    return false
  }

  #leaveString(): boolean {
    const text = this.#text
    let at = this.#at
    for (; at < text.length; at += 1) {
      const unit = text.charCodeAt(at)
      if (unit === quote) {
        this.#at = at + 1
        return this.#left()
      }
      if (unit === backslash) {
        if (at + 1 >= text.length && !this.#isOver) break
        at += 1
      } else if (unit === newline) {
        // No JSON, but the lines after it keep their numbers.
        this.#line += 1
        this.#lineStart = at + 1
      }
    }
    this.#at = Math.min(at, text.length)
    return false
  }

  #left(): true {
    this.#within = undefined
    return true
  }

  #open(): void {
    if (this.#start !== -1) return
    this.#start = this.#at
    this.#startOffset = this.#fed + this.#at
    this.#startLine = this.#line
    this.#startColumn = this.#at - this.#lineStart + 1
  }

  #take(): JsonPiece {
    const piece = { json: this.#earlier + this.#text.slice(this.#start, this.#at), offset: this.#startOffset, line: this.#startLine, column: this.#startColumn }
    this.#start = -1
    this.#earlier = ''
    this.#depth = 0
    this.#within = undefined
    return piece
  }
}

/** All values of a whole text. */
export function* splitJson(text: string): Generator<JsonPiece, void, undefined> {
  const splitter = new JsonSplitter()
  splitter.feed(text)
  splitter.end()
  for (let piece = splitter.next(); piece !== undefined; piece = splitter.next()) yield piece
}

/** Ends a number or word: blanks, brackets, quotes, commas, colons, comments. */
function isEdge(unit: number): boolean {
  switch (unit) {
    case 0x20: case 0x09: case 0x1e: case newline: case carriageReturn: case quote: case slash: case 0x2c: case 0x3a: case 0x7b: case 0x7d: case 0x5b: case 0x5d:
      return true
    default:
      return false
  }
}
