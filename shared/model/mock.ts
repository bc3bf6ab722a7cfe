// A mock server as hosts see it, and its stub file (YAML or JSON) as people write it.

import * as z from 'zod'
import type { ErrorData } from '../base/error.ts'

export const stubSchema = z.object({
  /** `Service/Method` or `Method`. */
  method: z.string().min(1),
  /** Field path in the request body (`user.id`, `ids[0]`) to the value it must equal; absent matches all. */
  match: z.record(z.string(), z.json()).optional(),
  reply: z.json().optional(),
  /** A declared exception: type name and value. */
  exception: z.object({ type: z.string(), value: z.json() }).optional(),
  /** A business error, as Kitex carries it over TTHeader. */
  biz: z.object({ status: z.int(), message: z.string().default(''), extra: z.record(z.string(), z.string()).default({}) }).optional(),
  /** A remote exception such as 6 internal error. */
  fault: z.object({ typeId: z.int().default(6), message: z.string() }).optional(),
  delayMs: z.number().min(0).max(3_600_000).default(0),
  /** Backward metainfo: goes back one hop beside the reply, over TTHeader only. */
  backward: z.record(z.string(), z.string()).default({}),
})
export type Stub = z.infer<typeof stubSchema>
export const stubFileSchema = z.object({ format: z.literal(1).default(1), stubs: z.array(stubSchema) })
export type StubFile = z.infer<typeof stubFileSchema>

export const mockOptionsSchema = z.object({
  idl: z.object({ paths: z.array(z.string()).min(1), includeDirs: z.array(z.string()).default([]) }),
  /** Only this IDL service; absent: all of them on one port. */
  service: z.string().optional(),
  listen: z.string().default('127.0.0.1:0'),
  stubFile: z.string().optional(),
  /** Registry URL; absent: not registered. */
  register: z.string().optional(),
  /** Name in the registry; absent: lower-cased IDL service name. */
  registerAs: z.string().optional(),
  weight: z.int().default(10),
  tags: z.record(z.string(), z.string()).default({}),
})
export type MockOptions = z.infer<typeof mockOptionsSchema>

export interface MockStatus {
  readonly id: string
  readonly address: string
  readonly services: readonly string[]
  readonly registered?: string
  readonly hits: number
  readonly startedAtMs: number
  /** How many stubs are in force. */
  readonly stubs?: number
  /** Why the stub file's newest state is not in force; the one before it is. */
  readonly stubProblem?: ErrorData
}

export interface MockHit {
  readonly mock: string
  readonly seq: number
  readonly atMs: number
  readonly method: string
  readonly transport: string
  readonly peer: string
  readonly request: string
  /** Which stub answered (index in the file), or that it was a generated example. */
  readonly by: { readonly kind: 'stub'; readonly index: number } | { readonly kind: 'example' } | { readonly kind: 'refused' }
  readonly outcome: 'reply' | 'exception' | 'biz_error' | 'remote_exception'
  readonly response: string
  readonly durationMs: number
  readonly traceId?: string
}
