// Base64 without Node or a browser: bytes cross the page's socket only as small attributes, so plain loops are fast enough.

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Padded, standard alphabet. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const four = [18, 12, 6, 0].map((shift) => letters.charAt((group >> shift) & 63))
    text += left >= 3 ? four.join('') : four.slice(0, left + 1).join('').padEnd(4, '=')
  }
  return text
}

/** Throws SyntaxError for any other character. */
export function fromBase64(text: string): Uint8Array {
  const digits = text.replace(/=+$/, '')
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  let bits = 0
  let buffer = 0
  let at = 0
  for (const digit of digits) {
    const value = letters.indexOf(digit)
    if (value < 0) throw new SyntaxError('not base64')
    buffer = ((buffer << 6) | value) & 0xffffff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at] = (buffer >> bits) & 0xff
    at += 1
  }
  return bytes
}
