import { describe, expect, it } from 'vitest'
import type { ErrorData } from '../../../../shared/base/error.ts'
import { readAnswer, writeQuestion } from '../../../../src-main/engine/reflection/messages.ts'
import { reflect } from '../../../../src-main/engine/reflection/reflect.ts'
import { protoBytes, protoFields } from '../../../../src-main/engine/transport/grpc/proto-fields.ts'
import { statusFault } from '../../../../src-main/engine/transport/grpc/status.ts'
import { noHeader, type MessageStream, type StreamOpening, type StreamPart } from '../../../../src-main/engine/transport/transport.ts'
import { mutate, seededRandom } from '../../../support/fuzz/mutate.ts'

const never = new AbortController().signal

/** A file descriptor with name and imports. */
const file = (name: string, ...imports: readonly string[]): Buffer => Buffer.concat([protoBytes(1, name), ...imports.map((one) => protoBytes(3, one))])
const services = (...names: readonly string[]): Buffer => protoBytes(6, Buffer.concat(names.map((name) => protoBytes(1, protoBytes(1, name)))))
const files = (...all: readonly Buffer[]): Buffer => protoBytes(4, Buffer.concat(all.map((one) => protoBytes(1, one))))
const notFound = protoBytes(7, Buffer.concat([Buffer.from([0x08, 0x05]), protoBytes(2, 'no such thing')]))

type Says = (question: { readonly number: number; readonly text: string }) => Buffer | ErrorData

/** Opens streams to a server that answers each question by `says`; a fault ends the stream. */
function serverThat(says: Says | Readonly<Record<string, Says>>): { readonly open: (opening: StreamOpening) => Promise<MessageStream>; readonly asked: string[]; readonly cancelled: string[] } {
  const asked: string[] = []
  const cancelled: string[] = []
  const open = ({ route }: StreamOpening): Promise<MessageStream> => {
    const parts: StreamPart[] = [{ kind: 'header', header: noHeader }]
    const answer = typeof says === 'function' ? says : says[route.service]
    return Promise.resolve({
      send: (message) => {
        const [field] = protoFields(message) ?? []
        const text = field?.bytes.toString() ?? ''
        asked.push(`${route.service.split('.')[2]} ${field?.number} ${text}`)
        const said = answer?.({ number: field?.number ?? 0, text }) ?? statusFault({ code: 12, message: 'unknown service' }, route.service)
        parts.push(Buffer.isBuffer(said) ? { kind: 'message', message: said, wireBytes: said.length, compressed: false } : { kind: 'trailer', header: noHeader, fault: said })
        return Promise.resolve(0)
      },
      closeSend: () => Promise.resolve(),
      receive: () => Promise.resolve(parts.splice(0, 2)),
      cancel: (reason) => void cancelled.push(reason),
      captured: () => undefined,
    })
  }
  return { open, asked, cancelled }
}

const shop: Says = ({ number, text }) => {
  if (number === 7) return services('shop.Orders', 'shop.Users', 'grpc.reflection.v1.ServerReflection')
  if (number === 4) return files(text === 'shop.Orders' ? file('orders.proto', 'base.proto', 'google/protobuf/empty.proto') : file('users.proto', 'base.proto'))
  if (text === 'base.proto') return files(file('base.proto', 'deep/deepest.proto'))
  return text === 'deep/deepest.proto' ? files(file('deep/deepest.proto')) : notFound
}

const errorOf = async (says: Says | Readonly<Record<string, Says>>): Promise<unknown> => reflect(serverThat(says).open, never).then(() => 'no error', (caught: unknown) => caught)

describe('reflection', () => {
  it('gets every service, and imports of imports once, each before what imports it', async () => {
    const { open, asked, cancelled } = serverThat(shop)
    const got = await reflect(open, never)
    expect(got.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual([
      file('deep/deepest.proto'), file('base.proto', 'deep/deepest.proto'), file('orders.proto', 'base.proto', 'google/protobuf/empty.proto'), file('users.proto', 'base.proto'),
    ].map((bytes) => bytes.toString('hex')))
    expect(asked).toEqual(['v1 7 *', 'v1 4 shop.Orders', 'v1 4 shop.Users', 'v1 3 base.proto', 'v1 3 google/protobuf/empty.proto', 'v1 3 deep/deepest.proto'])
    expect(cancelled).toEqual(['reflection is done'])
  })

  it('asks in the older version where the server does not know the newer', async () => {
    const { open, asked } = serverThat({ 'grpc.reflection.v1alpha.ServerReflection': shop })
    expect(await reflect(open, never)).toHaveLength(4)
    expect(asked.slice(0, 2)).toEqual(['v1 7 *', 'v1alpha 7 *'])
  })

  it('asks many questions without waiting for each answer', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `a.S${index}`)
    const { open } = serverThat(({ number, text }) => (number === 7 ? services(...names) : files(file(`${text}.proto`))))
    expect(await reflect(open, never)).toHaveLength(300)
  })

  it('survives files that import each other', async () => {
    const { open } = serverThat(({ number, text }) => (number === 7 ? services('a.S') : text === 'b.proto' ? files(file('b.proto', 'a.proto')) : files(file('a.proto', 'b.proto'))))
    expect(await reflect(open, never)).toHaveLength(2)
  })

  it('says that a server without reflection has none, and offers the IDL', async () => {
    expect(await errorOf({})).toMatchObject({ data: { code: 'idl', text: { key: 'reflection.none' }, hint: { key: 'reflection.giveIdl' }, cause: { exception: { typeId: 12 } } } })
  })

  it('knows Kitex by its status 20 and does not ask again', async () => {
    const { open, asked } = serverThat(() => statusFault({ code: 20, message: 'unknown service ServerReflection' }, ''))
    await expect(reflect(open, never)).rejects.toMatchObject({ data: { text: { key: 'reflection.kitexHasNone' }, hint: { key: 'reflection.giveIdl' } } })
    expect(asked).toEqual(['v1 7 *'])
  })

  it('names the symbol that has no file', async () => {
    expect(await errorOf(({ number }) => (number === 7 ? services('a.Lost') : notFound))).toMatchObject({
      data: { text: { key: 'reflection.symbolFailed', params: { symbol: 'a.Lost', reason: '5 no such thing' } } },
    })
  })

  it('names the file that is missing and who imports it', async () => {
    expect(await errorOf(({ number }) => (number === 7 ? services('a.S') : number === 4 ? files(file('a.proto', 'gone.proto')) : notFound))).toMatchObject({
      data: { text: { key: 'reflection.fileFailed', params: { file: 'gone.proto', by: 'a.proto' } } },
    })
  })

  it('hands on why the connection broke', async () => {
    const broken: ErrorData = { code: 'remote_or_network', layer: 'connection', text: { key: 'transport.resetBeforeReply' } }
    expect(await errorOf(() => broken)).toMatchObject({ data: broken })
  })

  it('refuses what is no answer', async () => {
    expect(await errorOf(() => Buffer.from('garbage'))).toMatchObject({ data: { text: { key: 'reflection.servicesFailed' } } })
  })
})

it('reads damaged answers without a crash', () => {
  const random = seededRandom(7)
  for (let turn = 0; turn < 5000; turn += 1) readAnswer(mutate(files(file('a.proto', 'b.proto'), file('c.proto')), random))
  expect(readAnswer(files(file('a.proto', 'b.proto')))).toEqual({ kind: 'files', files: [{ name: 'a.proto', imports: ['b.proto'], bytes: file('a.proto', 'b.proto') }] })
})

it('writes questions as the protocol has them', () => {
  const [all, symbol, named] = [writeQuestion({ ask: 'services' }), writeQuestion({ ask: 'symbol', symbol: 'S' }), writeQuestion({ ask: 'file', file: 'f' })]
  expect([all, symbol, named].map((bytes) => bytes.toString('hex'))).toEqual(['3a012a', '220153', '1a0166'])
})
