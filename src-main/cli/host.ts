// The process as a command sees it: writers that wait for the pipe, a signal that Ctrl-C aborts, words loaded on demand. The only
// file of the command line that touches `process`.

import { addAbortSignal } from 'node:stream'
import type { TextParams } from '../../shared/base/error.ts'
import type { MessageKey } from '../../shared/i18n/catalogue.ts'
import type { Translator } from '../../shared/i18n/translate.ts'
import type { Host, OutputMode } from './command.ts'
import { exit } from './exit-code.ts'
import { noGlobals, type Globals } from './globals.ts'
import { pickLanguage } from './language.ts'
import { forTerminal } from './terminal-text.ts'
import { version } from './version.ts'

/** A large result is written in pieces, so that a reply of 100 MB is not held once more as bytes. In characters, or bytes. */
const pieceLength = 1024 * 1024

/** Never between the two halves of a character. */
function pieceEnd(text: string | Uint8Array, at: number): number {
  const end = Math.min(text.length, at + pieceLength)
  return typeof text === 'string' && end < text.length && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800 ? end + 1 : end
}

export class ProcessHost implements Host {
  readonly version = version
  readonly #abort = new AbortController()
  #globals: Globals = noGlobals
  #exitCode: number | undefined
  #interrupted: number | undefined
  #translator: Promise<Translator> | undefined

  constructor() {
    process.on('SIGINT', () => this.#interrupt(exit.interrupted)).on('SIGTERM', () => this.#interrupt(143))
    for (const stream of [process.stdout, process.stderr]) stream.on('error', (error: NodeJS.ErrnoException) => this.#pipeFailed(error, stream === process.stderr))
  }

  apply(globals: Globals): void {
    this.#globals = globals
    this.#translator = undefined
  }

  get output(): OutputMode { return this.#globals.output }
  get quiet(): boolean { return this.#globals.quiet }
  get verbose(): boolean { return this.#globals.verbose }
  get workspace(): string | undefined { return this.#globals.workspace }
  get env(): string | undefined { return this.#globals.env }
  get language() { return pickLanguage(this.#globals.lang, process.env) }
  get signal(): AbortSignal { return this.#abort.signal }
  get terminal() { return { in: process.stdin.isTTY === true, out: process.stdout.isTTY === true, columns: process.stdout.columns ?? 80 } }
  get color() { return { out: this.#takesColor(process.stdout), err: this.#takesColor(process.stderr) } }
  get exitCode(): number { return this.#interrupted ?? this.#exitCode ?? exit.ok }

  async write(text: string | Uint8Array): Promise<void> {
    // What goes into a file or another program stays as it is.
    const shown = typeof text === 'string' && this.terminal.out ? forTerminal(text) : text
    for (let at = 0; at < shown.length || at === 0;) {
      const end = pieceEnd(shown, at)
      const piece = at === 0 && end === shown.length ? shown : shown.slice(at, end)
      // After a failed write there is nothing more to do but to end, which #pipeFailed does.
      await new Promise<void>((resolve) => process.stdout.write(piece, (error) => {
        if (error === undefined || error === null) resolve()
      }))
      if (end === 0) return
      at = end
    }
  }

  async line(text: string): Promise<void> {
    if (text.length < pieceLength) return this.write(`${text}\n`)
    await this.write(text)
    return this.write('\n')
  }

  json(value: unknown): Promise<void> {
    return this.line(this.output === 'ndjson' ? JSON.stringify(value) : JSON.stringify(value, undefined, 2))
  }

  note(text: string): void {
    const shown = forTerminal(text)
    process.stderr.write(shown.endsWith('\n') ? shown : `${shown}\n`)
  }

  async say(key: MessageKey, params?: TextParams): Promise<void> {
    if (!this.quiet) await this.warn(key, params)
  }

  async warn(key: MessageKey, params?: TextParams): Promise<void> {
    this.note((await this.translator()).t(key, params))
  }

  translator(): Promise<Translator> {
    this.#translator ??= import('../../shared/i18n/translate.ts').then(({ createTranslator }) => createTranslator(this.language))
    return this.#translator
  }

  async readStdin(): Promise<Buffer> {
    const chunks: Buffer[] = []
    for await (const chunk of this.stdin()) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  async* stdin(): AsyncGenerator<Buffer, void, undefined> {
    addAbortSignal(this.signal, process.stdin)
    for await (const chunk of process.stdin) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
  }

  finish(exitCode: number): void {
    this.#exitCode = exitCode
  }

  /** The first signal asks; the second one does not. */
  #interrupt(code: number): void {
    if (this.#interrupted !== undefined) process.exit(code)
    this.#interrupted = code
    this.#abort.abort()
  }

  /** `kite … | head` closes the pipe: that ends the work, and is no failure. A full disk behind `>` is one, and is told. */
  #pipeFailed(error: NodeJS.ErrnoException, errors: boolean): void {
    if (error.code === 'EPIPE' || errors) process.exit(this.exitCode)
    void this.warn('cli.outputLost', { reason: error.code ?? error.message }).then(() => process.exit(exit.failed))
  }

  #takesColor(stream: NodeJS.WriteStream): boolean {
    if (this.#globals.color !== 'auto') return this.#globals.color === 'always'
    const { NO_COLOR, TERM } = process.env
    return stream.isTTY === true && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb'
  }
}
