// Certificates of a test's own: an authority, a server's certificate for loopback, a client's, and the broken ones that a client must refuse.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'selfsigned'

/** PEM files. */
export interface Certificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
  readonly clientCert: string
  readonly clientKey: string
  /** An authority that signed none of them. */
  readonly otherCa: string
  /** For another host name. */
  readonly wrongHost: { readonly cert: string; readonly key: string }
  /** Whose time is over. */
  readonly expired: { readonly cert: string; readonly key: string }
}

const dayMs = 24 * 3600 * 1000

/** Writes them into a folder. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const file = (name: string, content: string): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const ca = await authority('Kite test authority')
  const signed = async (name: string, commonName: string, options: { readonly hosts?: boolean; readonly isClient?: boolean; readonly from?: number } = {}): Promise<{ readonly cert: string; readonly key: string }> => {
    const made = await generate([{ name: 'commonName', value: commonName }], {
      keyType: 'ec', algorithm: 'sha256', ca: { key: ca.private, cert: ca.cert },
      notBeforeDate: new Date(Date.now() - (options.from ?? 1) * dayMs), notAfterDate: new Date(Date.now() + (options.from === undefined ? 30 : 1 - options.from) * dayMs),
      extensions: [
        { name: 'extKeyUsage', serverAuth: options.isClient !== true, clientAuth: options.isClient === true },
        ...(options.isClient === true ? [] : [{ name: 'subjectAltName' as const, altNames: options.hosts === false ? [{ type: 2 as const, value: commonName }] : [{ type: 2 as const, value: 'localhost' }, { type: 7 as const, ip: '127.0.0.1' }] }]),
      ],
    })
    return { cert: file(`${name}.pem`, made.cert), key: file(`${name}.key`, made.private) }
  }
  const server = await signed('server', 'localhost')
  const client = await signed('client', 'kite', { isClient: true })
  return {
    ca: file('ca.pem', ca.cert), ...server, clientCert: client.cert, clientKey: client.key, otherCa: file('other-ca.pem', (await authority('another authority')).cert),
    wrongHost: await signed('wrong-host', 'elsewhere.example', { hosts: false }),
    expired: await signed('expired', 'localhost', { from: 10 }),
  }
}

const authority = (commonName: string): ReturnType<typeof generate> => generate([{ name: 'commonName', value: commonName }], {
  keyType: 'ec', algorithm: 'sha256',
  extensions: [{ name: 'basicConstraints', cA: true, critical: true }, { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true }],
})
