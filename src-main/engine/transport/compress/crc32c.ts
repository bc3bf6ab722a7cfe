// CRC-32C (Castagnoli), which Snappy's framing format checks its chunks with; Node has CRC-32 only.

const polynomial = 0x82f63b78
const table = new Uint32Array(256).map((_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = (value & 1) === 1 ? (value >>> 1) ^ polynomial : value >>> 1
  return value >>> 0
})

/** Unsigned 32 bits. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at += 1) crc = (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
