// Which of the two languages: `--lang`, else KITE_LANG, else the locale. Any zh locale reads Chinese, all others English.

import type { Language } from '../../shared/i18n/catalogue.ts'

type Env = Readonly<Record<string, string | undefined>>

export function pickLanguage(flag: string | undefined, env: Env): Language {
  const wanted = [flag, env['KITE_LANG'], env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '')
  return wanted?.toLowerCase().startsWith('zh') === true ? 'zh-CN' : 'en'
}
