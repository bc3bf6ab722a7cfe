// demo.order. Reserves every line at demo.stock; asks it with a timeout of its own and one retry, so that a busy warehouse shows as a
// retry inside the trace as well.

import { goodOf } from './data.ts'
import { declared, fine, type Methods, type Shop } from './shop-call.ts'
import { integer, isFields, list, text, type Fields, type Value } from './values.ts'

const stockTimeoutMs = 100
const firstOrderId = 9_100_000_000_000_000_001n

let orders = 0n

export const orderMethods: Methods = {
  async CreateOrder(request, shop) {
    await shop.work(4)
    const lines = list(request['lines']).filter(isFields)
    for (const { sku } of lines) if (goodOf(text(sku)) === undefined) throw declared('SkuNotFound', { sku: text(sku), message: `商品 ${text(sku)} 不在目录中` })
    const reservations: Value[] = []
    for (const { sku = '', count = 1n } of lines) reservations.push((await shop.ask('demo.stock', 'StockService/Reserve', { sku, count }, { timeoutMs: 500 }))['reservationId'] ?? '')
    orders += 1n
    return { order: orderOf(firstOrderId + orders, integer(request['userId']), 'PLACED', lines), reservations, base: fine }
  },

  async Recent(request, shop) {
    await shop.work(3)
    const userId = integer(request['userId'])
    const past = [orderOf(firstOrderId, userId, 'SHIPPED', [{ sku: 'book-04', count: 1n }]), orderOf(firstOrderId - 7n, userId, 'CLOSED', [{ sku: 'tea-01', count: 2n }, { sku: 'cup-03', count: 1n }])]
    return { orders: past, available: await availability(shop, ['book-04', 'tea-01', 'cup-03']), base: fine }
  },
}

/** Orders are worth showing without it, so a stock that fails twice leaves it empty. */
async function availability(shop: Shop, skus: readonly string[]): Promise<Fields> {
  const { levels } = await shop.ask('demo.stock', 'StockService/Levels', { skus }, { timeoutMs: stockTimeoutMs, retries: 1 }).catch(() => ({ levels: [] }))
  return Object.fromEntries(list(levels).filter(isFields).map(({ sku, onHand }) => [text(sku), integer(onHand) > 0n]))
}

function orderOf(id: bigint, userId: bigint, state: string, lines: readonly Fields[]): Fields {
  const cents = lines.reduce((sum, { sku, count }) => sum + (goodOf(text(sku))?.cents ?? 0n) * integer(count), 0n)
  return { id, userId, state, lines, total: { cents, currency: 'CNY' }, createdAt: 1_763_706_000_000n + (id % 100_000n) }
}
