// The first bytes of a connection tell who calls. The same eight rules serve both ports, so that an exporter that was pointed at
// the wrong one gets an answer and the user gets told ("port doctor", traces.md 4.1).

export type Spoken = 'http2' | 'http1' | 'tls' | 'ttheader' | 'unknown'

const preface = Buffer.from('PRI * HTTP/2.0\r\n')
const verbs = ['GET ', 'POST ', 'PUT ', 'HEAD ', 'OPTIONS ', 'DELETE ', 'PATCH ', 'TRACE ', 'CONNECT ']

/** Undefined while the bytes could still become several things. */
export function sniff(first: Buffer): Spoken | undefined {
  if (first.length === 0) return undefined
  if (startsAs(first, preface)) return first.length >= preface.length ? 'http2' : undefined
  const verb = verbs.find((each) => startsAs(first, Buffer.from(each)))
  if (verb !== undefined) return first.length >= verb.length ? 'http1' : undefined
  if (first[0] === 0x16) return first.length < 2 ? undefined : first[1] === 0x03 ? 'tls' : 'unknown'
  if (first.length < 6) return first[0] === 0 ? undefined : 'unknown'
  return first.readUInt16BE(4) === 0x1000 ? 'ttheader' : 'unknown'
}

/** Whether the two agree as far as both go. */
function startsAs(bytes: Buffer, wanted: Buffer): boolean {
  const length = Math.min(bytes.length, wanted.length)
  return bytes.compare(wanted, 0, length, 0, length) === 0
}
