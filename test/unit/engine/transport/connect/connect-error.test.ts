import { describe, expect, it } from 'vitest'
import { faultOfDocument, faultOfReply } from '../../../../../src-main/engine/transport/connect/connect-error.ts'
import { mutate, seededRandom } from '../../../../support/fuzz/mutate.ts'

const document = Buffer.from('{"code":"not_found","message":"no 你","details":[{"type":"google.rpc.RetryInfo","value":"CgIIAQ"},{"type":"a.B","value":"AQI"}]}')

describe('an error document of Connect', () => {
  it('is the fault that the status of the same name is', () => {
    expect(faultOfReply(404, document, 'a.S/M')).toEqual({
      code: 'remote_or_network', layer: 'remote', text: { key: 'grpc.status', params: { code: 5, name: 'NOT_FOUND', message: 'no 你' } },
      exception: {
        type: 'NOT_FOUND', typeId: 5,
        json: '{"code":5,"message":"no 你","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1s"},{"@type":"type.googleapis.com/a.B","value":"AQI="}]}',
      },
    })
  })

  it.each([undefined, null, 7, [], {}, { code: 5 }, { code: 'no_such_code' }])('is not %j', (value) => {
    expect(faultOfDocument(value, 'a.S/M')).toBeUndefined()
  })

  it.each([[400, 'INTERNAL'], [401, 'UNAUTHENTICATED'], [403, 'PERMISSION_DENIED'], [404, 'UNIMPLEMENTED'], [429, 'UNAVAILABLE'], [500, 'UNKNOWN'], [502, 'UNAVAILABLE']])('is stood for by HTTP %i: %s', (status, name) => {
    expect(faultOfReply(status, Buffer.from('<html>'), 'a.S/M').exception?.type).toBe(name)
  })

  it('is read without a crash whatever is damaged', () => {
    const random = seededRandom(3)
    for (let turn = 0; turn < 20_000; turn += 1) expect(faultOfReply(500, mutate(document, random), 'a.S/M').layer).toBe('remote')
  })
})
