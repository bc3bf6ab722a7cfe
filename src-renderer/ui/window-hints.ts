// The engine's next steps name options of the command line, since it does not know who asks. Here they are named as the window has them.

import type { Text } from '../../shared/base/error.ts'
import type { MessageKey } from '../../shared/i18n/catalogue.ts'

const inWindow: Readonly<Record<string, MessageKey>> = {
  'call.noIdlHint': 'app.hint.noIdl',
  'chain.rpcTimeoutHint': 'app.hint.rpcTimeout',
  'chain.metainfoLostHint': 'app.hint.metainfoLost',
  'chain.undecodableHint': 'app.hint.undecodable',
  'reflection.fileHint': 'app.hint.file',
  'reflection.giveIdl': 'app.hint.giveIdl',
  'http2.closedUnspokenHint': 'app.hint.closedUnspoken',
  'http2.needsTlsHint': 'app.hint.needsTls',
  'tls.keyWithoutCertificateHint': 'app.hint.keyWithoutCertificate',
  'tls.certificateWithoutKeyHint': 'app.hint.certificateWithoutKey',
  'tls.expiredHint': 'app.hint.expired',
  'tls.wrongHostHint': 'app.hint.wrongHost',
  'tls.selfSignedHint': 'app.hint.selfSigned',
  'tls.unknownAuthorityHint': 'app.hint.unknownAuthority',
  'tls.notTlsHint': 'app.hint.notTls',
  'tls.clientCertificateRequiredHint': 'app.hint.clientCertificateRequired',
  'tls.nameRefusedHint': 'app.hint.nameRefused',
  'tls.handshakeFailureHint': 'app.hint.handshakeFailure',
  'tls.closedInHandshakeHint': 'app.hint.closedInHandshake',
}

/** The same step for somebody who has no command line before them. */
export function windowHint(hint: Text): Text {
  const key = inWindow[hint.key]
  return key === undefined ? hint : { ...hint, key }
}
