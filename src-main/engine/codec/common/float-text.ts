// Floating point numbers as JSON: the shortest text that reads back, words as strings. A float has fewer digits than the double that
// holds it: 0.1 as a float is 0.10000000149011612 as a double, and is meant to read 0.1.

/** A double as JSON: shortest text that reads back, words as strings. */
export function doubleText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0.0' : String(value)
  return `"${value}"`
}

// Below the smallest normal float, digits are fewer than six.
const smallestNormal = 2 ** -126

/** A float as JSON. */
export function floatText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 0x100_0000) return doubleText(value)
  if (!Number.isFinite(value)) return doubleText(value)
  for (let digits = Math.abs(value) < smallestNormal ? 1 : 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return doubleText(short)
  }
  return doubleText(Number(value.toPrecision(9)))
}
