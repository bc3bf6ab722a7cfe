// The messages of gRPC's server reflection, written and read by hand: six fields of two messages, the same in v1 and v1alpha. Source:
// grpc/reflection/v1/reflection.proto; FileDescriptorProto's name and imports from google/protobuf/descriptor.proto.

import { protoBytes, protoFields } from '../transport/grpc/proto-fields.ts'

/** One question, by the number of its field. */
export type Question = { readonly ask: 'services' } | { readonly ask: 'symbol'; readonly symbol: string } | { readonly ask: 'file'; readonly file: string }

export type Answer =
  | { readonly kind: 'services'; readonly names: readonly string[] }
  | { readonly kind: 'files'; readonly files: readonly ReflectedFile[] }
  | { readonly kind: 'error'; readonly code: number; readonly message: string }

/** A file as the server has it; only name and imports are looked at here. */
export interface ReflectedFile {
  readonly name: string
  readonly imports: readonly string[]
  readonly bytes: Buffer
}

const requestField = { file: 3, symbol: 4, services: 7 } as const
const answerField = { files: 4, services: 6, error: 7 } as const

/** ServerReflectionRequest. */
export function writeQuestion(question: Question): Buffer {
  switch (question.ask) {
    case 'services':
      return protoBytes(requestField.services, '*')
    case 'symbol':
      return protoBytes(requestField.symbol, question.symbol)
    case 'file':
      return protoBytes(requestField.file, question.file)
  }
}

/** ServerReflectionResponse; undefined where the bytes are none. */
export function readAnswer(message: Buffer): Answer | undefined {
  const answer = protoFields(message)?.findLast(({ number }) => number === answerField.files || number === answerField.services || number === answerField.error)
  const parts = answer === undefined ? undefined : protoFields(answer.bytes)
  if (answer === undefined || parts === undefined) return undefined
  if (answer.number === answerField.services) return { kind: 'services', names: parts.filter(({ number }) => number === 1).map(({ bytes }) => textOf(bytes, 1)) }
  if (answer.number === answerField.error) return { kind: 'error', code: Number(parts.findLast(({ number }) => number === 1)?.int ?? 0n), message: textOf(answer.bytes, 2) }
  const files = parts.filter(({ number }) => number === 1).map(({ bytes }) => readFile(bytes))
  return files.every((file) => file !== undefined) ? { kind: 'files', files } : undefined
}

function readFile(bytes: Buffer): ReflectedFile | undefined {
  const fields = protoFields(bytes)
  if (fields === undefined) return undefined
  return { name: textOf(bytes, 1), imports: fields.filter(({ number }) => number === 3).map((field) => field.bytes.toString('utf8')), bytes }
}

const textOf = (message: Buffer, wanted: number): string => (protoFields(message) ?? []).findLast(({ number }) => number === wanted)?.bytes.toString('utf8') ?? ''
