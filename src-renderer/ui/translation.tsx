// The words of the language that is on. Widgets and views take them from here, so that a switch of language repaints at once and
// no component needs a store for it.

import { createContext, useContext } from 'react'
import { createTranslator, type Translator } from '../../shared/i18n/translate.ts'

const TranslationContext = createContext<Translator>(createTranslator('en'))

export const TranslationProvider = TranslationContext.Provider

/** `t('app.send')`, `text(data)`, `error(data)` in the language of the window. */
export const useT = (): Translator => useContext(TranslationContext)
