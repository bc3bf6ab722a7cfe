// A failure, told: on stderr as sentences, with `--output json` also on stdout as the document that scripts read.

import { KiteError, type ErrorData, type Place } from '../../shared/base/error.ts'
import type { Translator } from '../../shared/i18n/translate.ts'
import type { ProcessHost } from './host.ts'
import { exitCodeOf } from './exit-code.ts'

interface ErrorDocument {
  readonly code: string
  readonly layer: string
  readonly message: string
  readonly at?: Place
  readonly cause?: ErrorDocument
  readonly hint?: string
}

export async function report(host: ProcessHost, caught: unknown): Promise<void> {
  const { data } = KiteError.from(caught)
  host.finish(exitCodeOf(data))
  const translator = await host.translator()
  if (host.output === 'text') host.note(sentences(data, translator).join('\n'))
  else await host.json({ error: errorDocument(data, translator) })
  if (data.code === 'internal' && host.verbose && caught instanceof Error) host.note(caught.stack ?? '')
}

/** The error as scripts read it; words are in the user's language, `code` and `layer` never change with it. */
export function errorDocument(error: ErrorData, translator: Translator): ErrorDocument {
  return {
    code: error.code,
    layer: error.layer,
    message: translator.text(error.text),
    ...(error.at === undefined ? {} : { at: error.at }),
    ...(error.cause === undefined ? {} : { cause: errorDocument(error.cause, translator) }),
    ...(error.hint === undefined ? {} : { hint: translator.text(error.hint) }),
  }
}

/** What, where, next step; then one line for each cause. */
export function sentences(error: ErrorData, translator: Translator): readonly string[] {
  const causes: string[] = []
  for (let cause = error.cause; cause !== undefined; cause = cause.cause) causes.push(`  ${translator.t('cli.cause', { cause: translator.error(cause) })}`)
  return [`kite: ${translator.error(error)}`, ...causes]
}
