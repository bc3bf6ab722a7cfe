// A real nginx (Debian's nginx) on loopback as what stands before services: a gRPC proxy over HTTP/2 and an HTTP/1.1 proxy, with connections that end
// after a few requests and settings that are loaded anew.

import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** Why there is no nginx here; undefined when there is one. */
export function nginxMissing(): string | undefined {
  return spawnSync('nginx', ['-v']).status === 0 ? undefined : 'nginx is not installed (Debian: nginx)'
}

export interface NginxOptions {
  /** Where gRPC goes. */
  readonly grpc: string
  /** Where HTTP goes. */
  readonly http: string
  /** A connection ends in good order after so many requests. */
  readonly requestsPerConnection: number
}

export interface NginxServer {
  /** HTTP/2 without TLS, to the gRPC server. */
  readonly grpc: string
  /** HTTP/1.1, to the HTTP server. */
  readonly http: string
  /** The same by HTTP/2 without TLS. */
  readonly http2: string
  /** New workers take over while the old ones finish what runs. */
  reload(): void
  stop(): Promise<void>
}

export async function startNginx({ grpc, http, requestsPerConnection }: NginxOptions): Promise<NginxServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kite-nginx-'))
  const [grpcPort, httpPort, http2Port] = [await freePort(), await freePort(), await freePort()]
  const file = join(folder, 'nginx.conf')
  await writeFile(file, `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  client_max_body_size 0;
  keepalive_requests ${requestsPerConnection};
  server {
    listen 127.0.0.1:${grpcPort} http2;
    location / { grpc_pass grpc://${grpc}; }
  }
  server {
    listen 127.0.0.1:${httpPort};
    listen 127.0.0.1:${http2Port} http2;
    location / { proxy_pass http://${http}; }
  }
}
`)
  const child = spawn('nginx', ['-c', file, '-p', folder, '-e', join(folder, 'error.log')], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await Promise.race([untilOpen(httpPort), ended.then(([code]) => { throw new Error(`nginx ended with ${code}`) })])
  return {
    grpc: `127.0.0.1:${grpcPort}`, http: `127.0.0.1:${httpPort}`, http2: `127.0.0.1:${http2Port}`,
    reload: () => void child.kill('SIGHUP'),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function untilOpen(port: number): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true))).on('error', () => resolve(false))
    })
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('nginx did not listen within 20 s')
}
