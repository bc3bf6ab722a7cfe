// One HTTP request and its answer, whichever version of HTTP carried it, so that routing is written once.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { Readable } from 'node:stream'

export interface Exchange {
  readonly method: string
  /** Path without query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly body: Readable
  readonly peer: string
  header(name: string): string | undefined
  answer(status: number, headers: Readonly<Record<string, string>>, body: Buffer | string): void
  /** Begins an answer that goes on until `onClose`; the returned function writes, and says whether the reader keeps up, or will from `onDrain` on. */
  stream(headers: Readonly<Record<string, string>>, reader: { onClose(): void; onDrain(): void }): (chunk: string) => boolean
}

export function http1Exchange(request: IncomingMessage, response: ServerResponse): Exchange {
  return {
    ...target(request.url ?? '/'),
    method: request.method ?? 'GET',
    body: request,
    peer: peerOf(request.socket.remoteAddress, request.socket.remotePort),
    header: (name) => single(request.headers[name]),
    answer: (status, headers, body) => {
      // A body left unread would be taken for the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body)
    },
    stream: (headers, { onClose, onDrain }) => {
      response.writeHead(200, { ...headers })
      response.on('close', onClose).on('drain', onDrain)
      return (chunk) => response.write(chunk)
    },
  }
}

export function http2Exchange(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): Exchange {
  return {
    ...target(single(headers[':path']) ?? '/'),
    method: single(headers[':method']) ?? 'GET',
    body: stream,
    peer: peerOf(stream.session?.socket.remoteAddress, stream.session?.socket.remotePort),
    header: (name) => single(headers[name === 'host' ? ':authority' : name]),
    answer: (status, values, body) => {
      if (stream.destroyed || stream.closed || stream.headersSent) return
      stream.respond({ ':status': status, ...values })
      stream.end(body)
    },
    stream: (values, { onClose, onDrain }) => {
      if (!stream.destroyed && !stream.closed) stream.respond({ ':status': 200, ...values })
      stream.on('close', onClose).on('drain', onDrain)
      return (chunk) => stream.write(chunk)
    },
  }
}

function target(url: string): { path: string; query: URLSearchParams } {
  const [path = '/', query = ''] = url.split('?', 2)
  return { path, query: new URLSearchParams(query) }
}

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value[0] : value)

const peerOf = (address: string | undefined, port: number | undefined): string => `${address ?? '?'}:${port ?? 0}`
