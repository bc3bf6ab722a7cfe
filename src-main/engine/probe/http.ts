// Asks a port in HTTP: `OPTIONS *`, which touches no resource; an upgrade to WebSocket; and HTTP/2 with a gRPC call of a service that nobody has.

import { KiteError } from '../../../shared/base/error.ts'
import type { ProbeFinding } from '../../../shared/model/probe.ts'
import type { Pair } from '../../../shared/model/metainfo.ts'
import { percentDecoded } from '../transport/grpc/status.ts'
import { HpackDecoder } from '../transport/http2/hpack-decoder.ts'
import { foreignIn, silenceOf, talk, type Heard, type ProbeLine } from './talk.ts'

const statusLine = /^HTTP\/1\.[01] (\d{3})([^\r\n]*)/

/** `OPTIONS *`. */
export async function askHttp(line: ProbeLine): Promise<ProbeFinding> {
  const heard = await say(line, `OPTIONS * HTTP/1.1\r\nHost: ${line.address}\r\nUser-Agent: kite-console\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  const text = heard.bytes.toString('latin1')
  const status = statusLine.exec(text)
  if (status === null) return { subject: 'http', verdict: 'no', evidence: refusal(heard), tookMs: heard.tookMs }
  // Upgrade Required: this port takes no requests, only what they lead to.
  if (status[1] === '426') return { subject: 'http', verdict: 'no', evidence: { key: 'probe.upgradeRequired' }, tookMs: heard.tookMs }
  const server = /\r\nserver: ([^\r\n]+)/i.exec(text)?.[1] ?? ''
  return { subject: 'http', verdict: 'yes', evidence: { key: 'probe.http', params: { status: status[1] ?? '', server } }, tookMs: heard.tookMs }
}

/** An upgrade at `path`. */
export async function askWebSocket(line: ProbeLine, path: string): Promise<ProbeFinding> {
  const heard = await say(line, `GET ${path} HTTP/1.1\r\nHost: ${line.address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: a2l0ZSBjb25zb2xlIHByYg==\r\nSec-WebSocket-Version: 13\r\n\r\n`)
  const text = heard.bytes.toString('latin1')
  const status = statusLine.exec(text)?.[1]
  const params = { path, status: status ?? '' }
  if (status === '101') return { subject: 'websocket', verdict: 'yes', evidence: { key: 'probe.upgraded', params }, tookMs: heard.tookMs }
  const mentioned = /\r\nupgrade: *websocket/i.test(text) || /websocket/i.test(text)
  if (status !== undefined && mentioned) return { subject: 'websocket', verdict: 'likely', evidence: { key: 'probe.upgradeMentioned', params }, tookMs: heard.tookMs }
  return { subject: 'websocket', verdict: 'no', evidence: status === undefined ? refusal(heard) : { key: 'probe.notUpgraded', params }, tookMs: heard.tookMs }
}

const say = (line: ProbeLine, text: string): Promise<Heard> => talk(line, Buffer.from(text, 'latin1'), (bytes) => bytes.includes('\r\n\r\n') || (bytes.length >= 5 && !bytes.subarray(0, 5).equals(http)))
const http = Buffer.from('HTTP/')

const refusal = (heard: Heard): ProbeFinding['evidence'] => (heard.bytes.length > 0 ? foreignIn(heard) : silenceOf(heard))

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')
const frameHead = 9
const frameType = { data: 0, headers: 1, rstStream: 3, settings: 4, goaway: 7 } as const
const endHeaders = 0x4
const endStream = 0x1

/** Findings for HTTP/2 itself and for gRPC on it. */
export async function askHttp2(line: ProbeLine): Promise<readonly [http2: ProbeFinding, grpc: ProbeFinding]> {
  const call = Buffer.concat([preface, frame(frameType.settings, 0, 0, Buffer.alloc(0)), frame(frameType.headers, endHeaders | endStream, 1, headerBlock(line.address))])
  let heard: Heard
  try {
    heard = await talk(line, call, (bytes) => { const seen = readFrames(bytes); return seen.foreign || seen.done })
  } catch (caught) {
    return notByTls(line, caught)
  }
  const seen = readFrames(heard.bytes)
  const { tookMs } = heard
  if (!seen.settings) return [{ subject: 'http2', verdict: 'no', evidence: refusal(heard), tookMs }, { subject: 'grpc', verdict: 'no', evidence: refusal(heard), tookMs }]
  const status = find(seen.fields, 'grpc-status')
  const grpc = status !== undefined || (find(seen.fields, 'content-type') ?? '').startsWith('application/grpc')
  return [
    { subject: 'http2', verdict: 'yes', evidence: { key: 'probe.settings' }, tookMs },
    grpc
      ? { subject: 'grpc', verdict: 'yes', evidence: { key: 'probe.grpcStatus', params: { status: status ?? '', message: percentDecoded(find(seen.fields, 'grpc-message') ?? '') } }, tookMs }
      : { subject: 'grpc', verdict: 'no', evidence: { key: 'probe.noGrpcStatus', params: { status: find(seen.fields, ':status') ?? '' } }, tookMs },
  ]
}

/** TLS that does not agree to `h2` has no HTTP/2 behind it, and all else may be spoken there; throws what is not about TLS. */
function notByTls({ secure }: ProbeLine, caught: unknown): Awaited<ReturnType<typeof askHttp2>> {
  const { data } = KiteError.from(caught, 'connection')
  if (secure === undefined || data.code === 'cancelled') throw caught
  return [{ subject: 'http2', verdict: 'no', evidence: data.text, tookMs: 0 }, { subject: 'grpc', verdict: 'no', evidence: data.text, tookMs: 0 }]
}

const find = (fields: readonly Pair[], name: string): string | undefined => fields.find(([key]) => key === name)?.[1]

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(frameHead)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** Literal fields without indexing and without Huffman coding: every server reads them, and no table is needed. */
function headerBlock(authority: string): Buffer {
  const fields: readonly Pair[] = [[':method', 'POST'], [':scheme', 'http'], [':path', '/kite.Probe/None'], [':authority', authority], ['content-type', 'application/grpc'], ['te', 'trailers'], ['user-agent', 'kite-console']]
  return Buffer.concat(fields.flatMap(([name, value]) => [Buffer.from([0, name.length]), Buffer.from(name), Buffer.from([value.length]), Buffer.from(value)]))
}

interface Seen {
  readonly settings: boolean
  readonly fields: readonly Pair[]
  /** The stream or the connection is over. */
  readonly done: boolean
  readonly foreign: boolean
}

/** Just as much of HTTP/2 as one refused call needs. */
function readFrames(bytes: Buffer): Seen {
  const decoder = new HpackDecoder()
  const fields: Pair[] = []
  let settings = false
  let done = false
  for (let at = 0; at + frameHead <= bytes.length;) {
    const length = bytes.readUIntBE(at, 3)
    const type = bytes[at + 3]
    const flags = bytes[at + 4] ?? 0
    const end = at + frameHead + length
    if (!settings && type !== frameType.settings) return { settings, fields, done, foreign: true }
    settings = true
    if (end > bytes.length) break
    if (type === frameType.headers) fields.push(...safely(() => decoder.decode(bytes, at + frameHead + (flags & 0x20 ? 5 : 0), end).fields))
    done ||= ((type === frameType.headers || type === frameType.data) && (flags & endStream) !== 0) || type === frameType.rstStream || type === frameType.goaway
    at = end
  }
  return { settings, fields, done, foreign: false }
}

function safely(read: () => readonly Pair[]): readonly Pair[] {
  try {
    return read()
  } catch {
    return []
  }
}
