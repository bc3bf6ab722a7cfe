import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadIdl } from '../../../../src-main/engine/idl/load.ts'
import { places } from '../../../../src-main/engine/demo/places.ts'
import { Refused, type Shop } from '../../../../src-main/engine/demo/shop/shop-call.ts'
import { stockMethods } from '../../../../src-main/engine/demo/shop/stock.ts'
import { userMethods } from '../../../../src-main/engine/demo/shop/user.ts'
import { fieldsOf, valueOf, type Fields } from '../../../../src-main/engine/demo/shop/values.ts'

/** A shop where nothing takes time; remembers what was asked and how long work would have taken. */
function testShop(version: string, chance = false): Shop & { readonly asked: string[]; readonly worked: number[] } {
  const asked: string[] = []
  const worked: number[] = []
  return {
    version, asked, worked,
    ask: async (service, method): Promise<Fields> => {
      asked.push(`${service} ${method}`)
      return {}
    },
    work: async (ms) => { worked.push(ms) },
    chance: () => chance,
  }
}

describe('the shop', () => {
  it('writes every method of its IDL and no other', async () => {
    const idl = await loadIdl({ paths: ['gateway', 'order', 'stock', 'user'].map((name) => resolve(`src-main/engine/demo/assets/workspace/idl/${name}.thrift`)) })
    expect(idl.diagnostics).toEqual([])
    for (const { idlService, methods } of places) {
      expect(idl.services.find(({ name }) => name === idlService)?.methods.map(({ name }) => name).sort()).toEqual(Object.keys(methods).sort())
    }
  })

  it('v2.1 of user is slow and v1.9 is not; each asks only whom the fields need', async () => {
    const request: Fields = { userId: 9_007_199_254_740_993n, fields: ['PROFILE', 'ORDERS', 'DELIVERY'], region: 'cn-north' }
    const [old, gray, plain] = [testShop('v1.9'), testShop('v2.1'), testShop('v1.9')]
    await userMethods['GetUser']?.(request, old)
    await userMethods['GetUser']?.(request, gray)
    await userMethods['GetUser']?.({ ...request, fields: ['PROFILE'] }, plain)
    expect([old.worked, gray.worked]).toEqual([[4], [320]])
    expect([old.asked, plain.asked]).toEqual([['demo.order OrderService/Recent', 'demo.gateway GatewayService/Route'], []])
  })

  it('stock takes long when it is busy, refuses what is gone as a business error and what never was as an exception', async () => {
    const busy = testShop('v1.0', true)
    const refusal = async (sku: string): Promise<unknown> => {
      try {
        return await stockMethods['Reserve']?.({ sku, count: 1n }, busy)
      } catch (caught) {
        return caught instanceof Refused ? caught.outcome : caught
      }
    }
    expect(await refusal('tea-01')).toMatchObject({ kind: 'biz', status: 40901, extra: { sku: 'tea-01', onHand: '0' } })
    expect(await refusal('nothing')).toMatchObject({ kind: 'exception', type: 'SkuNotFound' })
    expect(await refusal('lamp-02')).toMatchObject({ level: { sku: 'lamp-02', onHand: 41, reserved: 1 } })
    expect(busy.worked).toEqual([160, 160, 160])
  })

  it('reads bodies without losing a digit', () => {
    expect(fieldsOf('{"id": 9007199254740993, "list": [1, 2.5, "x", null, true], "o": {"k": -1}}')).toEqual({ id: 9_007_199_254_740_993n, list: [1n, 2.5, 'x', null, true], o: { k: -1n } })
    expect([fieldsOf('7'), valueOf('7')]).toEqual([{}, 7n])
  })
})
