// Asks a gRPC server for its own IDL: all services, the file of each, and every file that those import. It speaks over the engine's own
// transport, so that TLS, authority and limits are those of a call. An error says which step failed, and at which symbol or file.

import { type ErrorData, fail, KiteError, type TextParams } from '../../../shared/base/error.ts'
import { noHeader, noRoute, type HeaderInfo, type MessageStream, type StreamOpening } from '../transport/transport.ts'
import { grpcCode } from '../transport/grpc/status-codes.ts'
import { Dialogue } from './dialogue.ts'
import { Gathered } from './gathered.ts'
import type { Answer, Question } from './messages.ts'

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
const maxAnswerBytes = 64 * 1024 * 1024

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
