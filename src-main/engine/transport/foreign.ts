// Tells what answered when it was no Thrift: the first bytes of protocols that people hit by giving the wrong port. A guess from
// evidence, worded as such; bytes are Latin-1 text here, one character each.

/** A protocol recognised by its first bytes. */
export interface ForeignProtocol {
  readonly name: string
  /** The evidence: printable text of the first line, or hex. */
  readonly evidence: string
}

interface Signature {
  readonly name: string
  readonly test: (text: string, bytes: Buffer) => boolean
}

const signatures: readonly Signature[] = [
  { name: 'HTTP/1', test: (text) => /^HTTP\/[01]\.\d/.test(text) },
  { name: 'HTTP/1 (request)', test: (text) => /^(GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE) \S+/.test(text) },
  { name: 'HTTP/2 (gRPC)', test: (text, bytes) => text.startsWith('PRI * HT') || isHttp2Frame(bytes) },
  { name: 'TLS', test: (_text, bytes) => bytes.length >= 3 && (bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03 && (bytes[2] ?? 9) <= 4 },
  { name: 'SSH', test: (text) => text.startsWith('SSH-') },
  { name: 'Redis', test: (text) => /^(-(ERR|NOAUTH|DENIED|WRONGTYPE|NOPERM)|\+OK\r|\+PONG\r)/.test(text) },
  { name: 'MySQL', test: (text, bytes) => bytes.length >= 7 && bytes[3] === 0 && (bytes[4] === 0x0a || (bytes[4] === 0xff && bytes[2] === 0)) && isPrintable(text.slice(5, 8)) },
  { name: 'PostgreSQL', test: (text, bytes) => bytes.length >= 6 && bytes[0] === 0x45 && bytes[1] === 0 && text[5] === 'S' },
  { name: 'SMTP/FTP', test: (text) => /^220[ -]/.test(text) },
  { name: 'NATS', test: (text) => text.startsWith('INFO {') },
  { name: 'AMQP', test: (text) => text.startsWith('AMQP') },
  { name: 'memcached', test: (text) => text.startsWith('ERROR\r') || text.startsWith('CLIENT_ERROR') },
  { name: 'VNC', test: (text) => text.startsWith('RFB 0') },
  { name: 'Dubbo', test: (_text, bytes) => bytes[0] === 0xda && bytes[1] === 0xbb },
  { name: 'Telnet', test: (_text, bytes) => bytes[0] === 0xff && (bytes[1] ?? 0) >= 0xfb && (bytes[1] ?? 0) <= 0xfe },
  { name: 'Thrift Binary without version (framed)', test: (text, bytes) => isOldBinary(text, bytes, 4) },
  { name: 'Thrift Binary without version', test: (text, bytes) => isOldBinary(text, bytes, 0) },
]

/** What the bytes look like, or undefined. */
export function guessProtocol(bytes: Buffer): ForeignProtocol | undefined {
  const head = bytes.subarray(0, 64)
  const text = head.toString('latin1')
  const found = signatures.find(({ test }) => test(text, head))
  return found === undefined ? undefined : { name: found.name, evidence: evidenceOf(head) }
}

/** The first line where it is text, else the first bytes in hex. */
export function evidenceOf(bytes: Buffer): string {
  const line = bytes.subarray(0, 64).toString('latin1').split(/[\r\n]/, 1)[0] ?? ''
  return line.length >= 3 && isPrintable(line) ? line : bytes.subarray(0, 16).toString('hex')
}

const isPrintable = (text: string): boolean => text.length > 0 && /^[\x20-\x7e]*$/.test(text)

/** SETTINGS, GOAWAY or RST_STREAM on stream 0: u24 length, type, flags, u31 stream. */
function isHttp2Frame(bytes: Buffer): boolean {
  if (bytes.length < 9) return false
  const length = bytes.readUIntBE(0, 3)
  const type = bytes[3]
  if (bytes.readUInt32BE(5) !== 0) return false
  return (type === 4 && (bytes[4] ?? 9) <= 1 && length % 6 === 0 && length <= 120) || (type === 7 && length >= 8 && length < 1024)
}

/** i32 name length, a name, a message type of 1 to 4. */
function isOldBinary(text: string, bytes: Buffer, at: number): boolean {
  if (bytes.length < at + 6) return false
  const length = bytes.readUInt32BE(at)
  if (length === 0 || length > 50 || bytes.length < at + 5 + length) return false
  const type = bytes[at + 4 + length] ?? 0
  return /^[\w.:]+$/.test(text.slice(at + 4, at + 4 + length)) && type >= 1 && type <= 4
}
