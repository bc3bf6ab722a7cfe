// Words what goes wrong in a TLS handshake: which side refused, for what cause, and what to do next.

import type { KiteError } from '../../../shared/base/error.ts'
import { connectionError, systemCode } from './socket-errors.ts'
import type { Secure } from './transport.ts'

/** By Node's and OpenSSL's codes. */
const keys: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'tls.expired',
  CERT_NOT_YET_VALID: 'tls.notYetValid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls.wrongHost',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls.selfSigned',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls.unknownAuthority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls.unknownAuthority',
  UNABLE_TO_GET_ISSUER_CERT: 'tls.unknownAuthority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls.unknownAuthority',
  CERT_SIGNATURE_FAILURE: 'tls.unknownAuthority',
  CERT_REVOKED: 'tls.revoked',
  ERR_SSL_WRONG_VERSION_NUMBER: 'tls.notTls',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'tls.notTls',
  ERR_SSL_HTTP_REQUEST: 'tls.notTls',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'tls.clientCertificateRequired',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'tls.clientCertificateRefused',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'tls.clientCertificateRefused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: 'tls.clientCertificateRefused',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'tls.clientCertificateRefused',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'tls.alpnRefused',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'tls.nameRefused',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'tls.version',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'tls.version',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'tls.handshakeFailure',
  ECONNRESET: 'tls.closedInHandshake',
}

const unspoken: ReadonlySet<string> = new Set(['tls.notTls', 'tls.closedInHandshake', 'tls.failed'])

/** Whether a failure of this key comes from somebody who speaks TLS and did not agree, be it the server or we. */
export const isTlsRefusal = (key: string): boolean => key.startsWith('tls.') && !unspoken.has(key)

/** A handshake that failed after the socket was open. */
export function tlsFailed(caught: unknown, address: string, { options }: Pick<Secure, 'options'>): KiteError {
  const code = systemCode(caught)
  const key = keys[code] ?? 'tls.failed'
  const reason = caught instanceof Error ? caught.message : String(caught)
  const params = { address, reason: oneLine(reason), alpn: alpnOf(options.ALPNProtocols) }
  return connectionError('get_connection', key, params, `${key}Hint`)
}

/** The handshake went well, but the server agreed to none of the protocols that were offered. */
export const protocolRefused = (address: string, alpn: string): KiteError => connectionError('get_connection', 'tls.alpnRefused', { address, alpn, reason: '' }, 'tls.alpnRefusedHint')

/** An alert that comes after the handshake, as TLS 1.3 tells that a client certificate is missing; undefined for what is none. */
export const lateAlert = (caught: unknown, address: string): KiteError | undefined => (
  systemCode(caught).startsWith('ERR_SSL_') ? tlsFailed(caught, address, { options: {} }) : undefined)

/** OpenSSL's text carries file and line of its source. */
const oneLine = (text: string): string => (/^[0-9A-F]+:error:[0-9A-F]*:(?:[^:]*:){1,2}([^:]+):/.exec(text)?.[1] ?? text).split('\n', 1)[0] ?? ''

const alpnOf = (protocols: unknown): string => (Array.isArray(protocols) ? protocols.map(String).join(', ') : '')
