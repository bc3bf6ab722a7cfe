// gRPC metadata as HTTP/2 fields and back. Names travel in lower case, binary values (`-bin`) as base64 without padding, and a peer may join
// several binary values by commas; in our pairs a binary value is always padded base64 and every value has its own pair.
// Source: gRPC "PROTOCOL-HTTP2.md" (Custom-Metadata), RFC 9113 8.2.

import { fail, type KiteError } from '../../../../shared/base/error.ts'
import type { Pair } from '../../../../shared/model/metainfo.ts'

const validName = /^[0-9a-z_.-]+$/
/** Printable ASCII and blanks, as the specification has ASCII-Value. */
const validValue = /^[\x20-\x7e]*$/
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/** Fields that the protocol itself writes, and those of a connection, which HTTP/2 forbids (RFC 9113 8.2.2). */
const ownNames: ReadonlySet<string> = new Set(['te', 'content-type', 'host', 'connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade', 'content-length'])

/** A name whose values are bytes. */
export const isBinaryName = (name: string): boolean => name.endsWith('-bin')

/**
 * The user's pairs as they are sent, in their order, repeated ones too. Throws KiteError naming the pair: a name that gRPC forbids or keeps
 * for itself, a value that is no printable ASCII, a binary value that is no base64.
 */
export function encodeMetadata(pairs: readonly Pair[]): Pair[] {
  const sent: Pair[] = []
  for (const [key, value] of pairs) {
    const name = key.toLowerCase()
    checkName(key, name)
    if (!isBinaryName(name)) sent.push([name, asciiValue(key, value)])
    else for (const part of value.split(',')) sent.push([name, unpadded(key, part.trim())])
  }
  return sent
}

/** The peer's fields as our pairs: binary values one by one and padded. What is no base64 is kept as it came. */
export function decodeMetadata(fields: readonly Pair[]): readonly Pair[] {
  if (!fields.some(([name]) => isBinaryName(name))) return fields
  return fields.flatMap(([name, value]): readonly Pair[] => (isBinaryName(name) ? value.split(',').map((part): Pair => [name, padded(part.trim())]) : [[name, value]]))
}

function checkName(key: string, name: string): void {
  if (name.startsWith(':')) throw refused('grpc.metadataPseudo', key)
  if (name.startsWith('grpc-') || ownNames.has(name)) throw refused('grpc.metadataReserved', key)
  if (!validName.test(name)) throw fail('usage', 'usage', 'grpc.metadataName', { name: key }, { hint: { key: 'grpc.metadataNameHint' } })
}

const refused = (text: string, name: string): KiteError => fail('usage', 'usage', text, { name }, { hint: { key: 'grpc.metadataReservedHint' } })

/** Blanks at either end may be stripped by the specification, and HTTP/2 refuses them. */
function asciiValue(key: string, value: string): string {
  if (!validValue.test(value)) throw fail('usage', 'usage', 'grpc.metadataValue', { name: key }, { hint: { key: 'grpc.metadataValueHint', params: { name: `${key}-bin` } } })
  return value.trim()
}

function unpadded(key: string, value: string): string {
  if (!isBase64(value)) throw fail('usage', 'usage', 'grpc.metadataBase64', { name: key, value: value.slice(0, 80) }, { hint: { key: 'grpc.metadataBase64Hint' } })
  return Buffer.from(value, 'base64').toString('base64').replaceAll('=', '')
}

const padded = (value: string): string => (isBase64(value) ? Buffer.from(value, 'base64').toString('base64') : value)

/** Either alphabet, padded or not; one character beyond whole groups cannot stand for a byte. */
const isBase64 = (value: string): boolean => base64.test(value) && value.replace(/=+$/, '').length % 4 !== 1
