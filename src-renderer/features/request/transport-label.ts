// Names of transports as Kitex's people write them.

import type { Translator } from '../../../shared/i18n/translate.ts'

const names: Readonly<Record<string, string>> = { buffered: 'Buffered', framed: 'Framed', ttheader: 'TTHeader', 'ttheader-framed': 'TTHeaderFramed' }
const codecs: Readonly<Record<string, string>> = { 'thrift-binary': 'Thrift Binary' }

export const transportLabel = (transport: string, t: Translator['t']): string => (transport === 'auto' ? t('app.transport.auto') : (names[transport] ?? transport))
export const codecLabel = (codec: string): string => codecs[codec] ?? codec
