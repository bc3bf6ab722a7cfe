// Questions and answers of reflection on one stream, many under way at once, and what it means when the stream ends instead of answering.

import { type ErrorData, fail, KiteError, type TextParams } from '../../../shared/base/error.ts'
import { grpcCode } from '../transport/grpc/status-codes.ts'
import type { MessageStream } from '../transport/transport.ts'
import { type Answer, type Question, readAnswer, writeQuestion } from './messages.ts'

/** Questions that are under way at once. */
const maxAsked = 64

/** Questions and their answers on one stream: answers come in the order of the questions. */
export class Dialogue {
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
