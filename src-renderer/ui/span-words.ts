// The words that span rows need, in the language that is on.

import type { Translator } from '../../shared/i18n/translate.ts'
import type { SpanWords } from '../canvas/span-rows.ts'

export const spanWords = ({ t }: Translator): SpanWords => ({
  missingParent: (id, reason) => t(`inspector.missing.${reason}`, { id }),
  sentence: (span, duration) => t('inspector.spanSentence', { service: span.service, name: span.name, duration, status: t(span.status === 'error' ? 'inspector.status.error' : 'inspector.status.ok') }),
})
