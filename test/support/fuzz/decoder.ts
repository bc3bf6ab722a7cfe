// What a fuzzed decoder is, and what it means that one holds: each input ends in a value or in an error of ours, worded in both languages,
// within a budget of memory and, where somebody watches, of time. Knows no decoder.

import { getHeapStatistics } from 'node:v8'
import { KiteError } from '../../../shared/base/error.ts'
import { createTranslator } from '../../../shared/i18n/translate.ts'
import { mutate, seededRandom, type MutateOptions } from './mutate.ts'

/** One decoder with real messages to damage. */
export interface FuzzDecoder {
  readonly samples: readonly Buffer[]
  readonly mutation?: MutateOptions
  /** How many times the work of the others one input is: the tests give so much fewer, the bench does not; default: 1. */
  readonly cost?: number
  /** Text: what it made of an input other than a value; nothing: a value. Throws KiteError, and nothing else. `sample` is the place of the sample that was damaged. */
  run(bytes: Buffer, sample: number): unknown
}

/** How often an input ended how. */
export interface FuzzFigures {
  readonly inputs: number
  readonly perSecond: number
  readonly slowestMs: number
  /** By catalogue key, or by what the decoder says; `a value` for what was read. */
  readonly outcomes: Readonly<Record<string, number>>
  /** What stayed in memory of the last nine tenths of the inputs; needs `--expose-gc`. */
  readonly growthBytes: number
  /** Most memory that was held at once beyond what was held before. */
  readonly peakBytes: number
}

/** An input that a decoder does not stand. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure'

  constructor(index: number, input: Buffer, caught: unknown) {
    super(`input ${index} (${input.length} bytes, ${input.toString('hex', 0, 400)}): ${caught instanceof Error ? (caught.stack ?? caught.message) : String(caught)}`)
  }
}

export interface FuzzOptions {
  readonly count: number
  readonly seed: number
  /** Told before each input, for whoever watches for one that never ends. */
  readonly onInput?: (index: number) => void
}

/** The input of a place: the same for the same seed, so that a failure can be looked at by itself. */
export function inputAt({ samples, mutation }: FuzzDecoder, index: number, seed: number): Buffer {
  const sample = samples[index % samples.length]
  if (sample === undefined) throw new Error('believed: a decoder has samples')
  return mutate(sample, seededRandom(seed + index * 2_654_435_761), mutation)
}

/** Gives a decoder its whole samples once, then `count` damaged ones. Throws {@link FuzzFailure}. */
export async function fuzz(decoder: FuzzDecoder, { count, seed, onInput }: FuzzOptions): Promise<FuzzFigures> {
  const ends = new Outcomes()
  for (const [index, sample] of decoder.samples.entries()) await ends.of(decoder, Buffer.from(sample), index, -1)
  ends.counts.clear()
  const before = heldBytes()
  let [warm, slowestMs, peakBytes] = [0, 0, 0]
  const start = performance.now()
  for (let index = 0; index < count; index++) {
    // From here on everything is compiled, and WebAssembly's memory, which never shrinks, is as large as it gets.
    if (index === Math.floor(count / 10)) warm = await settledBytes()
    const bytes = inputAt(decoder, index, seed)
    onInput?.(index)
    const began = performance.now()
    const ended = ends.of(decoder, bytes, index % decoder.samples.length, index)
    if (ended !== undefined) await ended
    // What Node frees between turns (zlib's memory) is to be freed here too.
    if (index % 64 === 63) await new Promise((resolve) => setImmediate(resolve))
    slowestMs = Math.max(slowestMs, performance.now() - began)
    if (index % 8 === 0) peakBytes = Math.max(peakBytes, heldBytes() - before)
  }
  const seconds = (performance.now() - start) / 1000
  const outcomes = Object.fromEntries([...ends.counts].sort(([, a], [, b]) => b - a))
  return { inputs: count, perSecond: count / seconds, slowestMs, outcomes, growthBytes: (await settledBytes()) - warm, peakBytes }
}

/** Counts outcomes, and checks the words of each kind of error the first time that it comes. */
class Outcomes {
  readonly counts = new Map<string, number>()
  readonly #worded = new Set<string>()

  /** A promise only where the decoder gives one: a million turns of the event loop are not free. */
  of(decoder: FuzzDecoder, bytes: Buffer, sample: number, index: number): Promise<void> | undefined {
    try {
      const made = decoder.run(bytes, sample)
      if (!(made instanceof Promise)) return this.#count(made)
      return made.then((value: unknown) => this.#count(value), (caught: unknown) => this.#thrown(caught, index, bytes))
    } catch (caught) {
      this.#thrown(caught, index, bytes)
      return undefined
    }
  }

  #count(made: unknown): undefined {
    const kind = typeof made === 'string' ? made : 'a value'
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1)
  }

  #thrown(caught: unknown, index: number, bytes: Buffer): void {
    if (!(caught instanceof KiteError) || caught.data.code === 'internal') throw new FuzzFailure(index, bytes, caught)
    const { key } = caught.data.text
    if (!this.#worded.has(key)) {
      const wrong = wordingFault(caught)
      if (wrong !== undefined) throw new FuzzFailure(index, bytes, new Error(wrong))
      this.#worded.add(key)
    }
    this.#count(key)
  }
}

const translators = (['en', 'zh-CN'] as const).map((language) => ({ language, translator: createTranslator(language) }))

/** What is wrong with the words of an error, in either language. */
export function wordingFault({ data }: KiteError): string | undefined {
  for (const { language, translator } of translators) {
    const text = translator.error(data)
    const bare = text.replace(/"[^"]*"|“[^”]*”/g, '')
    if (text.includes(data.text.key) || bare.includes('{{') || /\b(undefined|NaN|\[object)/.test(bare)) return `${data.text.key} in ${language}: ${text}`
    if (language === 'zh-CN' && !/\p{Script=Han}/u.test(text)) return `${data.text.key} is not in Chinese: ${text}`
  }
  return undefined
}

function heldBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics()
  return heap + external
}

/** After a collection, where the process lets us ask for one. */
async function settledBytes(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return heldBytes()
}
