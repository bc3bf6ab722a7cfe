// Replies too large for a window: the beginning at once, the whole from a file.

import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BigReplies, shownCharacters } from '../../../src-main/host/big-replies.ts'
import type { CallRecord } from '../../../shared/model/call.ts'

const record = (id: string, response: string | undefined): CallRecord => ({ id, ...(response === undefined ? {} : { response }) }) as CallRecord
const { signal } = new AbortController()

describe('big replies', () => {
  let folder: string
  let replies: BigReplies

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kite-replies-'))
    replies = new BigReplies(join(folder, 'kept'))
  })
  afterEach(async () => {
    await replies.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  const saved = async (id: string, path?: string): Promise<string> => {
    let text = ''
    for await (const piece of replies.save(id, path, signal)) text += piece.text ?? ''
    return text
  }

  it('leave small ones as they are', () => {
    const [none, small] = [record('a', undefined), record('b', '"x"')]
    expect([replies.shorten(none), replies.shorten(small)]).toEqual([none, small])
  })

  it('show the beginning, and save the whole to a path or in parts, no character broken', async () => {
    const whole = `"${'風箏🪁'.repeat(1_500_000)}"`
    const shown = replies.shorten(record('a', whole))
    expect(shown.responseCut).toEqual({ characters: whole.length })
    expect(whole.startsWith(shown.response ?? '-')).toBe(true)
    expect(shown.response?.length).toBeLessThanOrEqual(shownCharacters)
    expect(Buffer.from(shown.response ?? '', 'utf8').toString('utf8')).toBe(shown.response)
    expect(await saved('a') === whole).toBe(true)
    const path = join(folder, 'saved.json')
    expect(await saved('a', path)).toBe('')
    expect(await readFile(path, 'utf8') === whole).toBe(true)
  })

  it('outlive the end of another host with the same data, and a newer reply while they are saved', async () => {
    const whole = 'x'.repeat(5 * 1024 * 1024)
    replies.shorten(record('a', whole))
    const saving = replies.save('a', undefined, signal)
    const first = await saving.next()
    for (const id of ['b', 'c', 'd', 'e', 'f']) replies.shorten(record(id, whole))
    const other = new BigReplies(join(folder, 'kept'))
    other.shorten(record('z', whole))
    await other.dispose()
    let length = first.value?.text?.length ?? 0
    for await (const { text = '' } of saving) length += text.length
    expect(length).toBe(whole.length)
    expect(await saved('f') === whole).toBe(true)
  })

  it('are kept for the last calls only, and say so of others', async () => {
    const whole = 'x'.repeat(shownCharacters + 1)
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) replies.shorten(record(id, whole))
    expect(await saved('f')).toHaveLength(whole.length)
    await expect(saved('a')).rejects.toThrow('app.reply.notKept')
    expect((await readdir(join(folder, 'kept'))).length).toBeLessThanOrEqual(process.platform === 'win32' ? 4 : 0)
    await expect(saved('f', join(folder, 'no', 'such', 'folder'))).rejects.toThrow('error.os.ENOENT')
  })
})
