import { afterAll, beforeAll, describe } from 'vitest'
import { serveMessages, type MessageServer } from '../../src-main/engine/transport/server.ts'
import { measureMessage } from '../../src-main/engine/codec/thrift/measure.ts'
import { readStringMessage, stringMessage } from '../support/transport/messages.ts'
import { transportCases, transportSuite } from './transport.suite.ts'

describe('our own message server', () => {
  let server: MessageServer
  beforeAll(async () => {
    server = await serveMessages({
      meter: measureMessage,
      handler: async (incoming) => {
        const method = incoming.message.toString('utf8', 8, 8 + incoming.message.readUInt32BE(4))
        if (method === 'Fire') return { kind: 'none' }
        if (method === 'Sleep') {
          await new Promise((resolve) => setTimeout(resolve, incoming.message.readInt32BE(20)))
          return { kind: 'message', message: stringMessage('reply', method, incoming.message.readInt32BE(13), '', 0) }
        }
        const { seqId, text } = readStringMessage(incoming.message)
        return { kind: 'message', message: stringMessage('reply', method, seqId, text, 0), seqId }
      },
    })
  })
  afterAll(() => server.close(0))
  for (const transportCase of transportCases) transportSuite(transportCase, () => server.address)
})
