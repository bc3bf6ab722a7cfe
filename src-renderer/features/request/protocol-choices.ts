// The protocols that can carry what a tab calls, as choices of one list: a transport with its codec. What fits is told by the table of protocols.

import type { Translator } from '../../../shared/i18n/translate.ts'
import type { CallRequest } from '../../../shared/model/call.ts'
import type { MethodDescriptor, MethodKind, ServiceDescriptor } from '../../../shared/model/idl.ts'
import type { ProbeReport } from '../../../shared/model/probe.ts'
import { codecs, defaultTransport, protocolOf, protocolsFor, transports, type IdlLanguage, type Protocol, type TransportName } from '../../../shared/model/protocol.ts'
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

/** What stands for `auto` before anybody asked the port; first among the choices. */
export const usualTransport = ({ language, kind }: Callee): TransportName => defaultTransport(language, kind)

/** The protocol that a request goes by, as far as it is known before the call. */
export const protocolFor = ({ transport }: Pick<CallRequest, 'transport'>, callee: Callee): Protocol => protocolOf(transport === 'auto' ? usualTransport(callee) : transport)

/** `auto` first, then the usual transport, then the others, each by its usual codec first. */
export function choicesFor(callee: Callee, t: Translator['t']): readonly Choice[] {
  const { language, kind } = callee
  const usual = usualTransport(callee)
  const all = protocolsFor(language, kind)
  const rows = [...all.filter(({ transport }) => transport === usual), ...all.filter(({ transport }) => transport !== usual)].flatMap(({ transport, codecs: byLanguage }) => {
    const names = byLanguage[language]
    return names.map((codec) => ({ id: protocolIdOf(transport, names.length === 1 ? 'auto' : codec), label: transportLabel(transport, t), detail: codecLabel(codec) }))
  })
  return language === 'none' ? rows : [{ id: 'auto', label: transportLabel('auto', t), detail: t('app.transport.autoHint', { usual: transportLabel(usual, t) }) }, ...rows]
}

/** The choice that a request stands on: a codec left open is the usual one, also where the list names it. */
export function selectedId({ transport, codec }: Pick<CallRequest, 'transport' | 'codec'>, { language }: Callee): string {
  if (transport === 'auto') return 'auto'
  const names = protocolOf(transport).codecs[language]
  return protocolIdOf(transport, names.length === 1 ? 'auto' : codec === 'auto' ? names[0] ?? 'auto' : codec)
}

export interface FoundProtocol extends Pick<CallRequest, 'transport' | 'codec'> { readonly tls: boolean }

/** What a probe found, where it can carry the method. */
export function fitting({ best, tls }: Pick<ProbeReport, 'best' | 'tls'>, { language, kind }: Callee): FoundProtocol | undefined {
  const row = best === undefined ? undefined : protocolsFor(language, kind).find(({ transport }) => transport === best.transport)
  if (best === undefined || row === undefined) return undefined
  const names = row.codecs[language]
  return { transport: best.transport, codec: best.codec === undefined || names.length === 1 || !names.includes(best.codec) ? 'auto' : best.codec, tls }
}

/** TLS is switched with the protocol; what was said of certificates is kept while it stays on. */
export function withProtocol(request: CallRequest, { transport, codec, tls }: FoundProtocol): CallRequest {
  const { tls: said, ...rest } = request
  return { ...rest, transport, codec, ...(tls ? { tls: said ?? { insecure: false } } : {}) }
}
