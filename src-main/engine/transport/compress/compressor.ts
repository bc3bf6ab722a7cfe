// What every compression offers, below the files that implement it.

/** Compresses and decompresses whole messages; both throw KiteError. */
export interface Compressor {
  compress(bytes: Buffer): Buffer
  /** At most `budgetBytes` come out; what would be more is an error of code `protocol`. */
  decompress(bytes: Buffer, budgetBytes: number): Buffer
}
