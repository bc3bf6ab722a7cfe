// What a real Kitex sent, read by our codec and compared with what Kitex's own client said it was. Needs no Go.

import { describe, expect, it } from 'vitest'
import { createThriftBinary, measureMessage } from '../../../../src-main/engine/codec/index.ts'
import type { MethodCodec } from '../../../../src-main/engine/codec/codec.ts'
import { findMethod } from '../../../../src-main/engine/idl/find-method.ts'
import { loadIdl } from '../../../../src-main/engine/idl/load.ts'
import { FrameReader } from '../../../../src-main/engine/transport/frame-reader.ts'
import { type Capture, captureTransports, readCaptures } from '../../../support/peers/kitex-captures.ts'
import { kitexIdl } from '../../../support/peers/kitex.ts'

const format = { int64: 'number', enums: 'number', binary: 'base64', defaults: false } as const
const idl = await loadIdl({ paths: [kitexIdl] })
const thrift = createThriftBinary()

function codecOf({ service, method }: Capture): MethodCodec {
  const found = findMethod(idl, `${service}/${method}`)
  if (!found.ok) throw new Error(found.error.text.key)
  return thrift.forMethod(idl, found.value.service, found.value.method)
}

function message(hex: string): Buffer {
  const reader = new FrameReader()
  reader.push(Buffer.from(hex, 'hex'))
  return reader.next({ meter: measureMessage, maxFrameBytes: 1 << 20 })?.message ?? Buffer.alloc(0)
}

/** JSON with its long integers as text, so that no digit is lost. */
const exact = (json: string): unknown => JSON.parse(json.replace(/(^|[:[,])(-?\d{16,})(?=$|[,\]}])/g, '$1"$2"'))

/** Go always writes an object by argument name; our body is the only argument itself. */
function body(capture: Capture): unknown {
  const args = exact(capture.args) as Record<string, unknown>
  const [only, ...others] = Object.values(args)
  return others.length === 0 && only !== undefined ? only : args
}

describe.each(captureTransports)('messages of Kitex over %s', async (transport) => {
  const captures = await readCaptures(transport)

  it.each(captures.filter(({ name }) => name !== 'empty struct'))('has the arguments of $name', (capture) => {
    const bytes = message(capture.request)
    const { head, json } = codecOf(capture).decodeRequest(bytes, format)
    expect({ args: exact(json), method: head?.method, type: head?.type }).toEqual({ args: body(capture), method: capture.method, type: capture.name === 'oneway' ? 'oneway' : 'call' })
    const again = codecOf(capture).encodeRequest(json, head?.seqId ?? 0)
    expect(exact(codecOf(capture).decodeRequest(again, format).json)).toEqual(body(capture))
    if (!bytes.equals(again)) expect(again.length).toBe(bytes.length)
  })

  it.each(captures.filter(({ reply, error, method }) => reply !== '' && error?.kind !== 'biz' && method !== 'Biz'))('has the reply of $name', (capture) => {
    const decoded = codecOf(capture).decodeReply(message(capture.reply), format)
    const { success, ...thrown } = exact(capture.result) as Record<string, unknown>
    switch (decoded.kind) {
      case 'reply':
        return expect(exact(decoded.json)).toEqual(success ?? null)
      case 'declared-exception':
        return expect({ [decoded.field]: exact(decoded.json) }).toEqual(thrown)
      case 'remote-exception':
        return expect({ code: decoded.typeId, message: decoded.message }).toEqual({ code: capture.error?.code, message: capture.error?.message })
    }
  })
})
