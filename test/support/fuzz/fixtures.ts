// Real messages for the fuzzed decoders: the golden files of a real Kitex and of both Thrift forms, and the IDLs that they are of. Found from the
// project's root, since a bench runs bundled, out of its own folder.

import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { IdlSet } from '../../../shared/model/idl.ts'
import type { MethodCodec, MethodOptions, PayloadCodec } from '../../../src-main/engine/codec/codec.ts'
import { findMethod } from '../../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../../src-main/engine/idl/load.ts'

const root = existsSync('test/golden') ? process.cwd() : resolve(import.meta.dirname, '../../..')

export const fixture = (path: string): Buffer => readFileSync(join(root, 'test', path))

export const json = <T>(path: string): T => JSON.parse(fixture(path).toString()) as T

export const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** A set without errors. */
export async function idlOf(...paths: readonly string[]): Promise<IdlSet> {
  const idl = await loadIdl({ paths: paths.map((path) => join(root, 'test', path)) })
  const broken = idl.diagnostics.find(({ severity }) => severity === 'error')
  if (broken !== undefined) throw new Error(`believed: the fixtures are without fault: ${JSON.stringify(broken)}`)
  return idl
}

/** The codec of a method by its name. */
export function methodOf(codec: PayloadCodec, idl: IdlSet, name: string, options?: MethodOptions): MethodCodec {
  const found = findMethod(idl, name)
  if (!found.ok) throw new Error(`believed: the fixtures have ${name}`)
  return codec.forMethod(idl, found.value.service, found.value.method, options)
}

/** Both directions of the captured connections of a real Kitex. */
export function streamCaptures(name: 'ttstream' | 'protobuf' | 'protobuf-grpc' | 'thrift-grpc'): readonly { readonly sent: Buffer; readonly received: Buffer; readonly method: string }[] {
  interface Kept { readonly sent: string; readonly received: string; readonly order: { readonly method: string } }
  // Damage to a large message hardly ever hits what tells it.
  return json<readonly Kept[]>(`golden/kitex/${name}.json`).map(({ sent, received, order }) => ({ sent: hex(sent), received: hex(received), method: order.method })).filter(({ sent, received }) => sent.length + received.length < 4000)
}

/** Requests and replies of a real Kitex in one framing. */
export const kitexFrames = (framing: 'buffered' | 'framed' | 'ttheader' | 'ttheader-framed'): readonly Buffer[] => (
  json<readonly { readonly request: string; readonly reply: string }[]>(`golden/kitex/${framing}.json`).flatMap(({ request, reply }) => [hex(request), hex(reply)]).filter((bytes) => bytes.length > 0))
