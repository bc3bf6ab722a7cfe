// JSON nodes count in UTF-16 units, bytes are what is shown: this leads from one to the other without encoding the text again for each node.

const step = 1024

/** A function from an offset in UTF-16 units to one in UTF-8 bytes; offsets are asked for in roughly rising order. */
export function positionMap(text: string): (offset: number) => number {
  if (/^[\0-\x7f]*$/.test(text)) return (offset) => offset
  // A mark every so many units bounds what one question walks.
  const marks: number[] = [0]
  let bytes = 0
  for (let unit = 0; unit < text.length; unit += step) {
    bytes += Buffer.byteLength(text.slice(unit, unit + step))
    marks.push(bytes)
  }
  return (offset) => {
    const mark = Math.floor(offset / step)
    return (marks[mark] ?? 0) + Buffer.byteLength(text.slice(mark * step, offset))
  }
}
