// An HTTP message as one run of bytes (RFC 9112 without transfer coding): start line, headers, blank line, body. In this form a codec that maps
// values to requests and a transport that sends them speak to each other, and neither has to know the other.

import type { Pair } from '../model/metainfo.ts'

/** A message cut into its parts; `bodyAt` is where the body begins. */
export interface HttpMessageHead {
  /** `GET /users/7?x=1` of a request, `200 OK` of a reply. */
  readonly start: string
  readonly headers: readonly Pair[]
  readonly bodyAt: number
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The bytes before the body. Line breaks in values are the caller's fault and are blanked, so that no header can smuggle another. */
export function writeHttpHead(start: string, headers: readonly Pair[]): Uint8Array {
  let text = `${oneLine(start)}\r\n`
  for (const [name, value] of headers) text += `${oneLine(name)}: ${oneLine(value)}\r\n`
  return encoder.encode(`${text}\r\n`)
}

/** Reads what {@link writeHttpHead} wrote, or undefined when these bytes are no such message. */
export function readHttpHead(message: Uint8Array): HttpMessageHead | undefined {
  const end = endOfHead(message)
  if (end === undefined) return undefined
  const [start = '', ...lines] = decoder.decode(message.subarray(0, end)).split('\r\n')
  const headers = lines.map((line): Pair => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trimStart()]
  })
  return { start, headers, bodyAt: end + 4 }
}

const oneLine = (text: string): string => text.replaceAll(/[\r\n\0]+/g, ' ')

function endOfHead(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(13); at !== -1; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at
  }
  return undefined
}
