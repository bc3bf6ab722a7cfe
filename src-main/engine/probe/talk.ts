// One short connection: say something, hear what comes back, hang up. Every probe is made of it.

import type { Text } from '../../../shared/base/error.ts'
import { abortError, whenAborted } from '../transport/abort.ts'
import { dial } from '../transport/dial.ts'
import { guessProtocol } from '../transport/foreign.ts'
import { lateAlert } from '../transport/tls-errors.ts'
import type { ConnectionFacts, Secure } from '../transport/transport.ts'

/** How a probe connects, and how long it waits for an answer. */
export interface ProbeLine {
  readonly address: string
  readonly connectTimeoutMs: number
  /** Of a peer on this machine; a long path adds to it. */
  readonly answerMs: number
  readonly secure?: Secure
  readonly signal: AbortSignal
}

/** What was heard until the end. `silent`: the peer kept the connection and said nothing more in time. */
export interface Heard {
  readonly bytes: Buffer
  readonly end: 'enough' | 'closed' | 'silent'
  readonly tookMs: number
  /** How long the connection took to come about: one round trip of the path at least, more with TLS. */
  readonly dialMs: number
  /** What the peer's TLS said as it hung up: with TLS 1.3 a missing client certificate is told only then. */
  readonly alert?: Text
  /** Of a TLS connection. */
  readonly tls?: NonNullable<ConnectionFacts['tls']>
}

const maxHeardBytes = 64 * 1024

/** How long an answer is waited for: what the peer may take, and twice what the path has shown to take already. */
const patienceMs = (answerMs: number, dialMs: number): number => answerMs + 2 * dialMs

/** Dials, says `bytes`, and listens until `enough` says so. Throws KiteError when nothing can be dialled. */
export async function talk(line: ProbeLine, bytes: Buffer, enough: (heard: Buffer) => boolean): Promise<Heard> {
  const { address, connectTimeoutMs, answerMs, secure, signal } = line
  const start = performance.now()
  const { socket, tls, dialMs } = await dial(address, connectTimeoutMs, signal, secure)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let alert: Text | undefined
    const finish = (end: Heard['end']): void => {
      clearTimeout(timer)
      forgetAbort()
      socket.removeAllListeners('data')
      socket.destroy()
      resolve({ bytes: Buffer.concat(chunks), end, tookMs: performance.now() - start, dialMs, ...(alert === undefined ? {} : { alert }), ...(tls === undefined ? {} : { tls }) })
    }
    const forgetAbort = whenAborted(signal, () => {
      // A question that was given up has no answer, not even silence.
      reject(abortError(signal))
      finish('silent')
    })
    const timer = setTimeout(() => finish('silent'), patienceMs(answerMs, dialMs))
    socket.on('error', (caught) => {
      alert = lateAlert(caught, address)?.data.text
      finish('closed')
    })
    socket.on('close', () => finish('closed'))
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > maxHeardBytes || enough(Buffer.concat(chunks))) finish('enough')
    })
    if (bytes.length > 0) socket.write(bytes)
  })
}

/** What a connection that ended in silence tells. */
export function silenceOf({ end, alert }: Heard): Text {
  return alert ?? { key: end === 'closed' ? 'probe.closed' : 'probe.silent', params: { bytes: 0 } }
}

/** What bytes of another protocol look like. */
export function foreignIn({ bytes }: Heard): Text {
  const guess = guessProtocol(bytes)
  return { key: 'probe.foreign', params: { name: guess?.name ?? '?', evidence: guess?.evidence ?? bytes.toString('hex', 0, 16) } }
}
