import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { undoContentCoding } from '../../../../../src-main/engine/transport/http/content-coding.ts'

describe('content codings', () => {
  it('are undone in turn, a few of them', async () => {
    const twice = gzipSync(gzipSync('body'))
    expect((await undoContentCoding([['Content-Encoding', 'gzip, gzip']], twice, 100)).bytes.toString()).toBe('body')
    await expect(undoContentCoding([['Content-Encoding', Array.from({ length: 1000 }, () => 'gzip').join(',')]], twice, 100)).rejects.toThrow('http.badCompression')
  })

  it('that are no coding leave the body as it came, whatever JavaScript calls by their names', async () => {
    for (const coding of ['constructor', '__proto__', 'x']) {
      expect(await undoContentCoding([['Content-Encoding', coding]], Buffer.from('b'), 10)).toEqual({ bytes: Buffer.from('b'), codings: [], unknown: coding })
    }
  })

  it('give no more than the budget, whatever they hold', async () => {
    await expect(undoContentCoding([['Content-Encoding', 'gzip']], gzipSync(Buffer.alloc(1_000_000)), 999_999)).rejects.toThrow('http.inflatesTooFar')
  })
})
