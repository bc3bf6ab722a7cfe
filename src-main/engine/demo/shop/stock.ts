// demo.stock. One call in six meets a busy warehouse and takes long; which ones, the demo's seed says.

import { allGoods, goodOf, type Good } from './data.ts'
import { business, declared, fine, type Methods, type Shop } from './shop-call.ts'
import { integer, list, text, type Fields } from './values.ts'

const usualMs = 3
const busyMs = 160
const busyShare = 1 / 6

let reservations = 0

export const stockMethods: Methods = {
  async Levels(request, shop) {
    await lookUp(shop)
    const wanted = list(request['skus']).map(text)
    return { levels: allGoods.filter(({ sku }) => wanted.length === 0 || wanted.includes(sku)).map((good) => levelOf(good, 0)), base: fine }
  },

  async Reserve(request, shop) {
    await lookUp(shop)
    const sku = text(request['sku'])
    const count = Number(integer(request['count']))
    const good = goodOf(sku)
    if (good === undefined) throw declared('SkuNotFound', { sku, message: `商品 ${sku} 不在目录中` })
    if (good.onHand < count) throw business(40_901, `库存不足：${sku} 只剩 ${good.onHand} 件`, { sku, onHand: String(good.onHand) })
    reservations += 1
    return { reservationId: `R-${String(reservations).padStart(6, '0')}`, level: levelOf(good, count), base: fine }
  },
}

const lookUp = (shop: Shop): Promise<void> => shop.work(shop.chance(busyShare) ? busyMs : usualMs)

const levelOf = ({ sku, onHand, warehouse }: Good, reserved: number): Fields => ({ sku, onHand: onHand - reserved, reserved, warehouse })
