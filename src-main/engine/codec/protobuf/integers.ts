// Integers of 64 bits from their halves: numbers where those are exact, so that nearly all are cheap, else bigint.

// Numbers hold 54 bits of sign and digits; beyond them a bigint does.
const scratch = new DataView(new ArrayBuffer(8))

/** A signed number of two halves. */
export function signed(low: number, high: number): number | bigint {
  if (high >= -0x20_0000 && high < 0x20_0000) return high * 0x1_0000_0000 + (low >>> 0)
  scratch.setInt32(0, high)
  scratch.setInt32(4, low)
  return scratch.getBigInt64(0)
}

/** An unsigned number of two halves. */
export function unsigned(low: number, high: number): number | bigint {
  if (high >= 0 && high < 0x20_0000) return high * 0x1_0000_0000 + (low >>> 0)
  scratch.setInt32(0, high)
  scratch.setInt32(4, low)
  return scratch.getBigUint64(0)
}

/** A signed 32-bit number as the varint that enums and int32 have. */
export function varintBytes(number: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(number))
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Buffer.from([...bytes, Number(rest)])
}
