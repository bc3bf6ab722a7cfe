// Whether a call streams: known before its body is read, since a stream's messages are sent as they come. The IDL that this loads the call
// uses too.

import type { MethodKind } from '../../../shared/model/idl.ts'
import type { Engine } from '../../engine/index.ts'
import type { CallFlags } from './flags.ts'

export type StreamKind = Exclude<MethodKind, 'unary' | 'oneway'>

/** The kind of a streaming method; undefined: it is none, or the call itself will say what is wrong with its name. */
export async function streamKind(engine: Engine, asked: Parameters<Engine['describe']>[0], flags: CallFlags, signal: AbortSignal): Promise<StreamKind | undefined> {
  if (asked.transport === 'jsonrpc-ws') return flags.stream === true ? 'bidi' : undefined
  const found = await engine.describe(asked, signal).catch((caught: unknown) => {
    if (signal.aborted) throw caught
    return undefined
  })
  const kind = found?.method.kind
  return kind === undefined || kind === 'unary' || kind === 'oneway' ? undefined : kind
}
