// Asks a gRPC server for its own IDL: all services, the file of each, and every file that those import. It speaks over the engine's own
// transport, so that TLS, authority and limits are those of a call. An error says which step failed, and at which symbol or file.

import { type ErrorData, fail, KiteError, type TextParams } from '../../../shared/base/error.ts'
import { noHeader, noRoute, type HeaderInfo, type MessageStream, type StreamOpening } from '../transport/transport.ts'
import { grpcCode } from '../transport/grpc/status-codes.ts'
import { type Answer, type Question, readAnswer, type ReflectedFile, writeQuestion } from './messages.ts'

/** Opens a stream on a connection of its caller's choosing. */
export type OpenStream = (opening: StreamOpening, signal: AbortSignal) => Promise<MessageStream>

export interface ReflectOptions {
  /** Sent with the question, such as credentials. */
  readonly header?: HeaderInfo
  readonly authority?: string
  /** What is left to answer in, told to the server; 0: no limit. */
  readonly timeoutMs?: number
}

/** Newest first; the older one is asked where the server does not know the newer. */
const versions = ['grpc.reflection.v1', 'grpc.reflection.v1alpha'] as const
/** Bounds against a server that never stops answering. */
const maxFiles = 20_000
const maxBytes = 512 * 1024 * 1024
const maxAnswerBytes = 64 * 1024 * 1024
/** Questions that are under way at once. */
const maxAsked = 64

/** Every file that describes the server's services, imports before those that import them. Throws KiteError. */
export async function reflect(open: OpenStream, signal: AbortSignal, options: ReflectOptions = {}): Promise<readonly Uint8Array[]> {
  for (const [index, version] of versions.entries()) {
    const dialogue = new Dialogue(await open(openingOf(version, options), signal))
    try {
      const names = await servicesOf(dialogue)
      return await filesOf(dialogue, names)
    } catch (caught) {
      const isLast = index === versions.length - 1
      if (isLast || !(caught instanceof KiteError) || !isUnimplemented(caught.data.cause)) throw caught
    } finally {
      dialogue.end()
    }
  }
  throw new Error('believed: the last version throws')
}

function openingOf(version: string, { header = noHeader, authority, timeoutMs = 0 }: ReflectOptions): StreamOpening {
  const http = authority === undefined ? noRoute : { ...noRoute, authority }
  const route = { service: `${version}.ServerReflection`, method: 'ServerReflectionInfo', codec: 'protobuf', language: 'proto', compress: 'none', timeoutMs, http } as const
  return { transport: 'grpc', route, header, maxMessageBytes: maxAnswerBytes, capture: false }
}

const isUnimplemented = (fault: ErrorData | undefined): boolean => fault?.exception?.typeId === grpcCode.unimplemented

async function servicesOf(dialogue: Dialogue): Promise<readonly string[]> {
  const [answer] = await dialogue.ask([{ ask: 'services' }], 'reflection.servicesFailed')
  if (answer?.kind !== 'services') throw refused('reflection.servicesFailed', {}, answer)
  return answer.names
}

async function filesOf(dialogue: Dialogue, services: readonly string[]): Promise<readonly Uint8Array[]> {
  const gathered = new Gathered()
  // A server's description of reflection itself is of no use to its caller, and some list it without having it.
  const symbols = services.filter((name) => !/^grpc\.reflection\./.test(name))
  const ofSymbols = await dialogue.ask(symbols.map((symbol): Question => ({ ask: 'symbol', symbol })), 'reflection.symbolFailed')
  ofSymbols.forEach((answer, index) => {
    if (answer.kind !== 'files') throw refused('reflection.symbolFailed', { symbol: symbols[index] ?? '' }, answer)
    gathered.add(answer.files)
  })
  for (let missing = gathered.missing(); missing.length > 0; missing = gathered.missing()) {
    const answers = await dialogue.ask(missing.map(({ file }): Question => ({ ask: 'file', file })), 'reflection.fileFailed')
    answers.forEach((answer, index) => {
      const { file = '', by = '' } = missing[index] ?? {}
      if (answer.kind === 'files' && answer.files.some(({ name }) => name === file)) return gathered.add(answer.files)
      // Servers may leave out what everybody has: the loader brings these along.
      if (file.startsWith('google/protobuf/')) return gathered.leaveOut(file)
      throw refused('reflection.fileFailed', { file, by }, answer)
    })
  }
  return gathered.inOrder()
}

function refused(key: string, params: TextParams, answer: Answer | undefined): KiteError {
  if (answer?.kind !== 'error') return fail('idl', 'remote', key, { ...params, reason: 'unexpected answer' })
  return fail('idl', 'remote', key, { ...params, reason: `${answer.code} ${answer.message}` }, { hint: { key: 'reflection.fileHint' } })
}

/** What has come, each file once. */
class Gathered {
  readonly #files = new Map<string, ReflectedFile>()
  readonly #leftOut = new Set<string>()
  #bytes = 0

  add(files: readonly ReflectedFile[]): void {
    for (const file of files) {
      if (this.#files.has(file.name)) continue
      this.#files.set(file.name, file)
      this.#bytes += file.bytes.length
      if (this.#files.size > maxFiles || this.#bytes > maxBytes) throw fail('idl', 'remote', 'reflection.tooMuch', { files: this.#files.size, bytes: this.#bytes })
    }
  }

  leaveOut(file: string): void {
    this.#leftOut.add(file)
  }

  /** Imported and not there yet, each with one of those that import it. */
  missing(): readonly { readonly file: string; readonly by: string }[] {
    const missing = new Map<string, string>()
    for (const { name, imports } of this.#files.values()) for (const file of imports) if (!this.#files.has(file) && !this.#leftOut.has(file)) missing.set(file, name)
    return [...missing].map(([file, by]) => ({ file, by }))
  }

  /** Imports first, as a descriptor set has them; a cycle, which no compiler lets through, ends the descent. */
  inOrder(): readonly Uint8Array[] {
    const ordered: Uint8Array[] = []
    const visited = new Set<string>()
    const open = [...this.#files.keys()].reverse().map((name) => ({ name, isDone: false }))
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const file = this.#files.get(next.name)
      if (file === undefined) continue
      if (next.isDone) ordered.push(file.bytes)
      else if (!visited.has(next.name)) {
        visited.add(next.name)
        open.push({ name: next.name, isDone: true }, ...file.imports.map((name) => ({ name, isDone: false })))
      }
    }
    return ordered
  }
}

/** Questions and their answers on one stream: answers come in the order of the questions. */
class Dialogue {
  readonly #stream: MessageStream
  readonly #answers: Answer[] = []
  #isOver = false

  constructor(stream: MessageStream) {
    this.#stream = stream
  }

  /** One answer to each question. */
  async ask(questions: readonly Question[], step: string): Promise<readonly Answer[]> {
    const answers: Answer[] = []
    for (let at = 0; at < questions.length; at += maxAsked) {
      const asked = questions.slice(at, at + maxAsked)
      for (const question of asked) await this.#say(question, step)
      for (const question of asked) answers.push(await this.#hear(question, step))
    }
    return answers
  }

  end(): void {
    if (!this.#isOver) this.#stream.cancel('reflection is done')
    this.#isOver = true
  }

  async #say(question: Question, step: string): Promise<void> {
    try {
      await this.#stream.send(writeQuestion(question))
    } catch (caught) {
      // Why the stream is over stands in its trailer, where there is one.
      await this.#hear(question, step)
      throw caught
    }
  }

  async #hear(question: Question, step: string): Promise<Answer> {
    while (this.#answers.length === 0) await this.#receive(question, step)
    const answer = this.#answers.shift()
    if (answer === undefined) throw new Error('believed: an answer waits')
    return answer
  }

  async #receive(question: Question, step: string): Promise<void> {
    const parts = await this.#stream.receive()
    if (parts.length === 0) throw ended(question, step, undefined)
    for (const part of parts) {
      if (part.kind === 'message') {
        const answer = readAnswer(part.message)
        if (answer === undefined) throw fail('idl', 'remote', step, { ...paramsOf(question), reason: 'the answer is no message of reflection' })
        this.#answers.push(answer)
      } else if (part.kind === 'trailer') {
        this.#isOver = true
        if (this.#answers.length === 0) throw ended(question, step, part.fault)
      }
    }
  }
}

const paramsOf = (question: Question): TextParams => (question.ask === 'symbol' ? { symbol: question.symbol } : question.ask === 'file' ? { file: question.file, by: '' } : {})

/** The stream ended instead of an answer. What is no word of the server's about reflection stays what it is: a deadline, a broken connection. */
function ended(question: Question, step: string, fault: ErrorData | undefined): KiteError {
  const status = fault?.exception?.typeId
  if (fault !== undefined && status === undefined) return new KiteError(fault)
  if (status === grpcCode.kitexUnknownService) return fail('idl', 'remote', 'reflection.kitexHasNone', {}, { hint: { key: 'reflection.giveIdl' }, ...causeOf(fault) })
  if (status === grpcCode.unimplemented) return fail('idl', 'remote', 'reflection.none', {}, { hint: { key: 'reflection.giveIdl' }, ...causeOf(fault) })
  return fail('idl', 'remote', step, { ...paramsOf(question), reason: fault === undefined ? 'the stream ended' : `${status} ${fault.exception?.type}` }, causeOf(fault))
}

const causeOf = (fault: ErrorData | undefined): { readonly cause?: ErrorData } => (fault === undefined ? {} : { cause: fault })
