// The protocols that can carry what a tab calls, as choices of one list: a transport with its codec. What fits is told by the table of protocols.

import type { Translator } from '../../../shared/i18n/translate.ts'
import type { CallRequest } from '../../../shared/model/call.ts'
import type { MethodDescriptor, MethodKind, ServiceDescriptor } from '../../../shared/model/idl.ts'
import { codecs, protocolsFor, transports, type IdlLanguage } from '../../../shared/model/protocol.ts'
import type { Choice } from '../../ui/choice-list.tsx'
import { codecLabel, transportLabel } from './transport-label.ts'

export interface Callee {
  readonly language: IdlLanguage
  readonly kind: MethodKind
}

/** A request that no IDL describes: an HTTP verb with a path, or anything over JSON-RPC. */
export const isUndescribed = ({ transport, method }: Pick<CallRequest, 'transport' | 'method'>): boolean => transport === 'jsonrpc-ws' || /^[A-Z]+ \S/.test(method) || /^[A-Z]+ $/.test(method)

/** What is called; a method that is not known yet is taken for a Thrift one. */
export function calleeOf(request: CallRequest, found: { readonly service: ServiceDescriptor; readonly method: MethodDescriptor } | undefined): Callee {
  if (isUndescribed(request)) return { language: 'none', kind: 'unary' }
  return found === undefined ? { language: 'thrift', kind: 'unary' } : { language: found.service.language, kind: found.method.kind }
}

export const protocolIdOf = (transport: CallRequest['transport'], codec: CallRequest['codec']): string => (transport === 'auto' ? 'auto' : `${transport}/${codec}`)

export function readProtocolId(id: string): Pick<CallRequest, 'transport' | 'codec'> {
  const [first, second] = id.split('/')
  const transport = transports.find((one) => one === first)
  return { transport: transport ?? 'auto', codec: codecs.find((one) => one === second) ?? 'auto' }
}

/** `auto` first, then each transport by its usual codec, then its others. */
export function choicesFor({ language, kind }: Callee, t: Translator['t']): readonly Choice[] {
  const rows = protocolsFor(language, kind).flatMap(({ transport, codecs: byLanguage }) => {
    const [usual, ...others] = byLanguage[language]
    if (others.length === 0) return [{ id: protocolIdOf(transport, 'auto'), label: transportLabel(transport, t), detail: usual === undefined ? '' : codecLabel(usual) }]
    return byLanguage[language].map((codec) => ({ id: protocolIdOf(transport, codec), label: transportLabel(transport, t), detail: codecLabel(codec) }))
  })
  return language === 'none' ? rows : [{ id: 'auto', label: transportLabel('auto', t), detail: t('app.transport.autoHint') }, ...rows]
}
