// What a real Kitex sent, read and written again by our transport. Needs no Go.

import { describe, expect, it } from 'vitest'
import { explainFrame } from '../../../../src-main/engine/transport/explain.ts'
import { FrameReader } from '../../../../src-main/engine/transport/frame-reader.ts'
import { writeFrame } from '../../../../src-main/engine/transport/frame-writer.ts'
import { measureMessage } from '../../../../src-main/engine/codec/thrift/measure.ts'
import type { IncomingMessage } from '../../../../src-main/engine/transport/transport.ts'
import { bizStatusFromHeader } from '../../../../src-main/engine/transport/ttheader/biz-status.ts'
import { backwardFromHeader, headerInt, headerString, metainfoFromHeader } from '../../../../src-main/engine/transport/ttheader/metainfo.ts'
import { type Capture, captureTransports, readCaptures } from '../../../support/peers/kitex-captures.ts'

const hasHeader = (transport: string): boolean => transport.startsWith('ttheader')

function read(hex: string): IncomingMessage {
  const reader = new FrameReader()
  reader.push(Buffer.from(hex, 'hex'))
  const message = reader.next({ meter: measureMessage, maxFrameBytes: 1 << 20 })
  if (message === undefined || reader.size > 0) throw new Error('believed: a capture is one whole frame')
  return message
}

const frames = (capture: Capture): string[] => [capture.request, capture.reply].filter((hex) => hex !== '')
const written = ({ transport, header, headerSeqId, message }: IncomingMessage): string => writeFrame({ transport, header, seqId: headerSeqId ?? 0, message }).toString('hex')
const pairs = (values: readonly (readonly [string, string])[]): Record<string, string> => Object.fromEntries(values)

describe.each(captureTransports)('captures of Kitex over %s', async (transport) => {
  const captures = await readCaptures(transport)

  it('are read, in their framing, and written again to the very same bytes', () => {
    const all = captures.flatMap(frames)
    expect(all.map((hex) => read(hex).transport)).toEqual(all.map(() => transport))
    expect(all.map((hex) => written(read(hex)))).toEqual(all)
  })

  it('are explained without a gap', () => {
    for (const hex of captures.flatMap(frames)) {
      const { messageOffset, transport: told } = read(hex)
      const explained = explainFrame(Buffer.from(hex, 'hex'))
      expect({ offset: explained.messageOffset, transport: explained.transport, ends: explained.nodes.at(-1)?.end ?? 0 }).toEqual({ offset: messageOffset, transport: told, ends: messageOffset })
      expect(JSON.stringify(explained.nodes)).not.toContain('not understood')
    }
  })

  it('carry metainfo both ways and business errors where there is a TTHeader', () => {
    const told = captures.map((capture) => {
      const request = read(capture.request).header
      const reply = capture.reply === '' ? undefined : read(capture.reply).header
      const { transient, persistent } = metainfoFromHeader(request)
      const biz = reply === undefined ? undefined : bizStatusFromHeader(reply)
      return {
        name: capture.name, transient: pairs(transient), persistent: pairs(persistent), backward: pairs(reply === undefined ? [] : backwardFromHeader(reply)),
        biz, service: headerString(request, 'isn'), method: headerInt(request, 9), timeout: headerInt(request, 12), type: headerInt(request, 22),
      }
    })
    expect(told).toEqual(captures.map(({ name, transient, persistent, backward, error, service, method }) => {
      const carried = hasHeader(transport)
      const handled = carried && name !== 'without the header handler'
      const own = Object.fromEntries(Object.entries(backward).filter(([key]) => !key.startsWith('biz-') && key !== 'crrst'))
      return {
        name, transient: carried ? transient : {}, persistent: carried ? persistent : {}, backward: own,
        biz: error?.kind === 'biz' ? { status: error.code, message: error.message, extra: error.extra } : undefined,
        service: handled ? service : undefined, method: handled ? method : undefined, timeout: handled && name === 'with a timeout' ? '1500' : undefined, type: handled ? (name === 'oneway' ? '4' : '1') : undefined,
      }
    }))
  })
})
