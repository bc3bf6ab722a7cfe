// Reads .tgz and .zip and writes .asar with nothing but Node, since this runs where perhaps nothing could be installed. Only what the
// runtime's archives use: no encryption, no zip64, no links.

import { gunzipSync, inflateRawSync } from 'node:zlib'

/** The first file of a gzipped tar whose name matches. */
export function fileInTarball(tarball, matches) {
  const tar = gunzipSync(tarball)
  for (let at = 0; at + 512 <= tar.length;) {
    const name = text(tar, at, 100)
    const size = parseInt(text(tar, at + 124, 12).trim() || '0', 8)
    if (name !== '' && matches(name)) return tar.subarray(at + 512, at + 512 + size)
    at += 512 + Math.ceil(size / 512) * 512
  }
  return undefined
}

const text = (buffer, at, length) => buffer.toString('latin1', at, at + length).replace(/\0.*$/s, '')

/** Entries of a zip by its central directory: name, unix mode, and a function that gives the bytes. */
export function* zipEntries(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  if (end < 0) throw new Error('the archive has no central directory')
  let at = zip.readUInt32LE(end + 16)
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset))
    const entry = { method: zip.readUInt16LE(at + 10), size: zip.readUInt32LE(at + 20), start: zip.readUInt32LE(at + 42) }
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength)
    yield { name, mode: (zip.readUInt32LE(at + 38) >>> 16) & 0o777, bytes: () => entryBytes(zip, entry) }
    at += 46 + nameLength + extraLength + commentLength
  }
}

function entryBytes(zip, { method, size, start }) {
  const from = start + 30 + zip.readUInt16LE(start + 26) + zip.readUInt16LE(start + 28)
  const packed = zip.subarray(from, from + size)
  return method === 0 ? packed : inflateRawSync(packed)
}

/** An asar of a few flat files. Its header: four 32-bit sizes, then JSON padded to four bytes, then the files' bytes in order. */
export function asar(files) {
  const entries = Object.entries(files).map(([name, content]) => [name, Buffer.from(content)])
  let offset = 0
  const listed = Object.fromEntries(entries.map(([name, bytes]) => {
    const place = { size: bytes.length, offset: String(offset) }
    offset += bytes.length
    return [name, place]
  }))
  const json = Buffer.from(JSON.stringify({ files: listed }))
  const padded = Math.ceil(json.length / 4) * 4
  const header = Buffer.alloc(16 + padded)
  ;[4, padded + 8, padded + 4, json.length].forEach((value, n) => header.writeUInt32LE(value, n * 4))
  json.copy(header, 16)
  return Buffer.concat([header, ...entries.map(([, bytes]) => bytes)])
}
