// TLS of one call, made from the files that the user named. Whatever is wrong with a file stops the call before anything is dialled, and names
// the file: OpenSSL's own errors name neither.

import { createHash, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { fail, KiteError, type ErrorCode } from '../../../shared/base/error.ts'
import type { TlsRequest } from '../../../shared/model/call.ts'
import { systemCode } from './socket-errors.ts'
import type { Secure } from './transport.ts'

type ReadFile = (path: string) => Buffer

/** Reads and checks the PEM files of a request. Throws KiteError of code `file` or `usage`. */
export function secureOf(tls: TlsRequest, readFile: ReadFile, alpn?: readonly string[]): Secure {
  const { serverName, insecure } = tls
  const ca = tls.caFile === undefined ? undefined : readCertificates(tls.caFile, readFile).pem
  const identity = identityOf(tls, readFile)
  const options = {
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(identity === undefined ? {} : identity),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(alpn === undefined ? {} : { ALPNProtocols: [...alpn] }),
  }
  const hash = createHash('sha256')
  for (const part of [ca, identity?.cert, identity?.key]) hash.update(part ?? '').update('\0')
  return { id: `${hash.digest('hex')}/${serverName ?? ''}/${insecure ? 'insecure' : 'verified'}/${alpn?.join(',') ?? ''}`, options, insecure }
}

/** Client certificate and key, which belong together. */
function identityOf({ certFile, keyFile }: TlsRequest, readFile: ReadFile): { readonly cert: Buffer; readonly key: Buffer } | undefined {
  if (certFile === undefined && keyFile === undefined) return undefined
  if (certFile === undefined) throw fileError('usage', 'tls.keyWithoutCertificate', keyFile ?? '')
  // One file may hold both.
  const { pem, first } = readCertificates(certFile, readFile)
  const both = keyFile === undefined && hasPrivateKey(pem)
  if (keyFile === undefined && !both) throw fileError('usage', 'tls.certificateWithoutKey', certFile)
  const key = readKey(keyFile ?? certFile, readFile)
  if (!first.checkPrivateKey(key.object)) throw fileError('file', 'tls.keyMismatch', keyFile ?? certFile, { certificate: certFile, subject: first.subject.replaceAll('\n', ', ') })
  return { cert: pem, key: key.pem }
}

const blocks = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g

/** One certificate or more. */
function readCertificates(file: string, readFile: ReadFile): { readonly pem: Buffer; readonly first: X509Certificate } {
  const pem = read(file, readFile)
  const found = pem.toString('latin1').match(blocks) ?? []
  if (found.length === 0) throw fileError('file', hasPrivateKey(pem) ? 'tls.keyForCertificate' : 'tls.notCertificate', file)
  const certificates = found.map((block, at) => parsed(file, 'tls.certificateBroken', () => new X509Certificate(block), at + 1))
  const [first] = certificates
  if (first === undefined) throw new Error('believed: a block was found')
  return { pem, first }
}

const hasPrivateKey = (pem: Buffer): boolean => /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(pem.toString('latin1'))

function readKey(file: string, readFile: ReadFile): { readonly pem: Buffer; readonly object: KeyObject } {
  const pem = read(file, readFile)
  const text = pem.toString('latin1')
  if (!hasPrivateKey(pem)) throw fileError('file', text.includes('-----BEGIN CERTIFICATE-----') ? 'tls.certificateForKey' : 'tls.notKey', file)
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text)) throw fileError('file', 'tls.keyEncrypted', file)
  return { pem, object: parsed(file, 'tls.keyBroken', () => createPrivateKey(pem), 1) }
}

function read(file: string, readFile: ReadFile): Buffer {
  try {
    return readFile(file)
  } catch (caught) {
    if (caught instanceof KiteError) throw caught
    const code = systemCode(caught)
    const reason = code === '' ? (caught instanceof Error ? caught.message : String(caught)) : code
    throw fileError('file', code === 'ENOENT' ? 'tls.fileMissing' : 'tls.fileUnreadable', file, { reason })
  }
}

function parsed<T>(file: string, key: string, parse: () => T, number: number): T {
  try {
    return parse()
  } catch (caught) {
    throw fileError('file', key, file, { number, reason: caught instanceof Error ? caught.message : String(caught) })
  }
}

const fileError = (code: ErrorCode, key: string, file: string, params: Readonly<Record<string, string | number>> = {}): KiteError => (
  fail(code, 'usage', key, { file, ...params }, { at: { file }, hint: { key: `${key}Hint`, params: { file } } }))
