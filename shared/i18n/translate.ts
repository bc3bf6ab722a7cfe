// A translator over the catalogue. Keys that come as data (from the engine, from stored history) are strings and may be unknown
// to this version: those are shown as they are, never lost.

import i18next from 'i18next'
import { assert } from '../base/assert.ts'
import type { ErrorData, Text, TextParams } from '../base/error.ts'
import { en, zhCn, type Language, type MessageKey } from './catalogue.ts'

export interface Translator {
  readonly language: Language
  /** Words a key known at compile time. */
  t(key: MessageKey, params?: TextParams): string
  /** Words text that came as data. */
  text(text: Text): string
  /** One line: what, where, next step. */
  error(error: ErrorData): string
}

/** Makes a translator; synchronous, since the catalogue is in memory. */
export function createTranslator(language: Language): Translator {
  const instance = i18next.createInstance()
  void instance.init({
    lng: language,
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    initAsync: false,
    showSupportNotice: false,
    resources: { en: { translation: en }, 'zh-CN': { translation: zhCn } },
    interpolation: { escapeValue: false },
  })
  assert(instance.isInitialized, 'i18next initialises at once from memory')
  const list = language === 'zh-CN' ? '、' : ', '
  const word = (key: string, params: TextParams = {}): string => instance.t(key, { ...joined(params, list), defaultValue: key })
  const text = (value: Text): string => word(value.key, value.params)
  return { language, t: word, text, error: (error) => describe(error, text) }
}

/** Lists are written as the language does. */
function joined(params: TextParams, separator: string): Readonly<Record<string, string | number>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' || typeof value === 'number' ? value : value.join(separator)]))
}

function describe(error: ErrorData, text: (value: Text) => string): string {
  const place = placeOf(error)
  const head = place === '' ? text(error.text) : `${place}: ${text(error.text)}`
  return error.hint === undefined ? head : `${head}${gapAfter(head)}${text(error.hint)}`
}

/** Ends the sentence where its wording left that open. Full-width punctuation carries its own space. */
function gapAfter(sentence: string): string {
  if (/[。：，；？）]$/.test(sentence)) return ''
  if (/[.:,;?!]$/.test(sentence)) return ' '
  return /[\u4e00-\u9fff]/.test(sentence) ? '。' : '. '
}

function placeOf({ at }: ErrorData): string {
  if (at === undefined) return ''
  const position = at.line === undefined ? at.file : [at.file, at.line, at.column].filter((part) => part !== undefined).join(':')
  const offset = at.offset === undefined ? undefined : `+${at.offset}`
  return [position, at.path, offset].filter((part) => part !== undefined && part !== '').join(' ')
}
