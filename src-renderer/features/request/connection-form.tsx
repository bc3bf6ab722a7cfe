// How the connection is made and what travels on it beside the message: TLS, compression, HTTP, and how a stream is driven. Only what the chosen
// protocol can do is offered.

import { useMemo, type ReactElement } from 'react'
import type { CallRequest, HttpRequest, TlsRequest } from '../../../shared/model/call.ts'
import { compressions } from '../../../shared/model/protocol.ts'
import { findMethod } from '../../store/actions.ts'
import { unaryTimeoutMs } from '../../store/requests.ts'
import { useSlice } from '../../store/state.ts'
import { useStores } from '../../store/stores.ts'
import { Choice, NumberField, Row, Switch, TextField } from '../../ui/form.tsx'
import { useT } from '../../ui/translation.tsx'
import { calleeOf, protocolFor } from './protocol-choices.ts'

const defaultHttp: HttpRequest = { path: '', version: 'auto', redirects: 5, body: 'auto', dialect: 'jsonrpc-2.0' }
const mebibyte = 1024 * 1024

export function ConnectionForm({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session, idl } = useStores()
  const { t } = useT()
  const set = useSlice(idl, (state) => state.value)
  const callee = useMemo(() => calleeOf(request, findMethod(set, request.method)), [request, set])
  const protocol = protocolFor(request, callee)
  const { transport } = protocol
  const isHttp = transport === 'http' || transport === 'jsonrpc-ws' || transport === 'connect' || transport === 'grpc-web'
  return (
    <div className="form-scroll form-grid">
      <Tls tab={tab} request={request} />
      {protocol.compress.length > 1 && (
        <Row label={t('app.connection.compress')}>
          <Choice label={t('app.connection.compress')} value={request.compress} options={compressions.filter((one) => protocol.compress.includes(one))} word={(one) => (one === 'none' ? t('app.connection.compressNone') : one)} onChange={(compress) => session.change(tab, { compress })} />
        </Row>
      )}
      <Row label={t('app.connection.maxMessage')}>
        <NumberField label={t('app.connection.maxMessage')} value={Math.round(request.maxMessageBytes / mebibyte)} unit="MiB" min={1} max={2048} onChange={(mib) => session.change(tab, { maxMessageBytes: Math.round(mib) * mebibyte })} />
      </Row>
      {transport === 'grpc' && (
        <Row label={t('app.connection.keepAlive')}>
          <NumberField label={t('app.connection.keepAlive')} value={(request.keepAliveMs ?? 0) / 1000} unit="s" onChange={(seconds) => session.change(tab, { keepAliveMs: Math.round(seconds * 1000) })} />
          {(request.keepAliveMs ?? 0) === 0 && <span className="form-aside faint">{t('app.connection.never')}</span>}
        </Row>
      )}
      {isHttp && <Http tab={tab} request={request} transport={transport} hasOwnPath={callee.language === 'none' && transport === 'http'} />}
      {(callee.kind !== 'unary' && callee.kind !== 'oneway' || transport === 'jsonrpc-ws' && request.stream !== undefined) && <Streaming tab={tab} request={request} />}
    </div>
  )
}

function Tls({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const { tls } = request
  const put = (change: Partial<Record<'caFile' | 'certFile' | 'keyFile' | 'serverName', string>>): void => {
    const { caFile, certFile, keyFile, serverName } = { ...tls, ...change }
    session.change(tab, { tls: { insecure: tls?.insecure ?? false, ...given({ caFile, certFile, keyFile, serverName }) } })
  }
  const field = (key: 'caFile' | 'certFile' | 'keyFile' | 'serverName', placeholder: string): ReactElement => (
    <Row indent label={t(`app.connection.${key}`)}><TextField label={t(`app.connection.${key}`)} value={tls?.[key] ?? ''} placeholder={placeholder} onChange={(value) => put({ [key]: value })} /></Row>
  )
  return (
    <>
      <Switch label={t('app.connection.tls')} on={tls !== undefined} onChange={(on) => session.replace(tab, on ? { ...request, tls: { insecure: false } } : withoutTls(request))} />
      {tls !== undefined && (
        <>
          {field('caFile', t('app.connection.caSystem'))}
          {field('certFile', 'client.pem')}
          {field('keyFile', 'client.key')}
          {field('serverName', t('app.connection.asDialled'))}
          <Switch indent label={t('app.connection.insecure')} on={tls.insecure} onChange={(insecure) => session.change(tab, { tls: { ...tls, insecure } })} />
          {tls.insecure && <p className="form-note warn" role="note">{t('app.connection.insecureHint')}</p>}
        </>
      )}
    </>
  )
}

const withoutTls = ({ tls: _tls, ...rest }: CallRequest): CallRequest => rest

type TlsTexts = Pick<TlsRequest, 'caFile' | 'certFile' | 'keyFile' | 'serverName'>

/** An empty field is one that was not given. */
function given({ caFile = '', certFile = '', keyFile = '', serverName = '' }: { readonly [K in keyof TlsTexts]: string | undefined }): TlsTexts {
  return { ...(caFile === '' ? {} : { caFile }), ...(certFile === '' ? {} : { certFile }), ...(keyFile === '' ? {} : { keyFile }), ...(serverName === '' ? {} : { serverName }) }
}

/** `hasOwnPath`: the request names its path itself, so that nothing stands before it unless somebody said so. */
function Http({ tab, request, transport, hasOwnPath }: { readonly tab: string; readonly request: CallRequest; readonly transport: string; readonly hasOwnPath: boolean }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const http = request.http ?? defaultHttp
  const put = (change: Partial<HttpRequest>): void => session.change(tab, { http: { ...http, ...change } })
  const pathLabel = t(transport === 'jsonrpc-ws' ? 'app.connection.wholePath' : 'app.connection.path')
  return (
    <>
      {(!hasOwnPath || http.path !== '') && <Row label={pathLabel}><TextField label={pathLabel} value={http.path} placeholder="/" onChange={(path) => put({ path })} /></Row>}
      {transport === 'jsonrpc-ws' && <Row label={t('app.connection.dialect')}><Choice label={t('app.connection.dialect')} value={http.dialect} options={['jsonrpc-2.0', 'kite'] as const} word={(one) => (one === 'kite' ? 'kite (dnode)' : 'JSON-RPC 2.0')} onChange={(dialect) => put({ dialect })} /></Row>}
      {transport === 'jsonrpc-ws' && <Switch label={t('stream.keepOpen')} on={request.stream !== undefined} onChange={(on) => session.replace(tab, on ? streamed(request) : unstreamed(request))} />}
      {transport === 'http' && (
        <>
          <Row label={t('app.connection.version')}><Choice label={t('app.connection.version')} value={http.version} options={['auto', '1.1', '2'] as const} word={(one) => (one === 'auto' ? t('app.connection.versionAuto') : `HTTP/${one}`)} onChange={(version) => put({ version })} /></Row>
          <Row label={t('app.connection.body')}><Choice label={t('app.connection.body')} value={http.body} options={['auto', 'json', 'form', 'multipart', 'raw'] as const} word={(one) => t(`app.connection.body.${one}`)} onChange={(body) => put({ body })} /></Row>
          <Row label={t('app.connection.redirects')}><NumberField label={t('app.connection.redirects')} value={http.redirects} max={20} onChange={(redirects) => put({ redirects: Math.round(redirects) })} /></Row>
        </>
      )}
    </>
  )
}

/** A WebSocket that stays open for messages of both sides: as any stream, it has no time unless one is given. */
const streamed = (request: CallRequest): CallRequest => ({ ...request, timeoutMs: request.timeoutMs === unaryTimeoutMs ? 0 : request.timeoutMs, stream: { rate: 0, recvTimeoutMs: 0 } })

function unstreamed({ stream: _stream, ...rest }: CallRequest): CallRequest {
  return { ...rest, timeoutMs: rest.timeoutMs === 0 ? unaryTimeoutMs : rest.timeoutMs }
}

function Streaming({ tab, request }: { readonly tab: string; readonly request: CallRequest }): ReactElement {
  const { session } = useStores()
  const { t } = useT()
  const stream = request.stream ?? { rate: 0, recvTimeoutMs: 0 }
  return (
    <>
      <Row label={t('app.connection.rate')}><NumberField label={t('app.connection.rate')} value={stream.rate} unit={t('app.connection.perSecond')} onChange={(rate) => session.change(tab, { stream: { ...stream, rate } })} />{stream.rate === 0 && <span className="form-aside faint">{t('app.connection.unhurried')}</span>}</Row>
      <Row label={t('app.connection.recvTimeout')}><NumberField label={t('app.connection.recvTimeout')} value={stream.recvTimeoutMs} unit="ms" onChange={(recvTimeoutMs) => session.change(tab, { stream: { ...stream, recvTimeoutMs } })} />{stream.recvTimeoutMs === 0 && <span className="form-aside faint">{t('app.connection.endless')}</span>}</Row>
    </>
  )
}
