// Lines and columns are wanted only when something is reported, so nodes carry offsets and the lines are counted here.

/** Line and column, both from 1, of an offset in UTF-16 units; `\n`, `\r\n` and `\r` each end a line. */
export function positionAt(text: string, offset: number): { line: number; column: number } {
  let line = 1
  let lineStart = 0
  const end = Math.min(offset, text.length)
  for (let at = 0; at < end; at++) {
    const unit = text.charCodeAt(at)
    if (unit !== 10 && unit !== 13) continue
    if (unit === 13 && text.charCodeAt(at + 1) === 10) {
      if (at + 1 >= end) break
      at++
    }
    line++
    lineStart = at + 1
  }
  return { line, column: end - lineStart + 1 }
}
