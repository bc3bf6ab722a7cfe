// demo.gateway: the way in. Checkout passes user, order and stock; Route is what the others ask it.

import { deliveries } from './data.ts'
import { declared, fine, type Methods } from './shop-call.ts'
import { integer, isFields, text, type Fields } from './values.ts'

const userTimeoutMs = 200

export const gatewayMethods: Methods = {
  async Checkout(request, shop) {
    await shop.work(2)
    const delivery = deliveryTo(text(request['region']))
    const userId = integer(request['userId'])
    const { user } = await shop.ask('demo.user', 'UserService/GetUser', { userId, fields: ['PROFILE', 'LEVEL'] }, { timeoutMs: userTimeoutMs, retries: 2 })
    const { order } = await shop.ask('demo.order', 'OrderService/CreateOrder', { userId, lines: request['lines'] ?? [] }, { timeoutMs: 800 })
    const placed: Fields = isFields(order) ? order : {}
    return { orderId: integer(placed['id']), buyer: isFields(user) ? text(user['name']) : '', total: placed['total'] ?? { cents: 0n }, delivery, base: fine }
  },

  async Route(request, shop) {
    await shop.work(1)
    return deliveryTo(text(request['region']))
  },
}

function deliveryTo(region: string): Fields {
  const found = deliveries[region]
  if (found === undefined) throw declared('UnknownRegion', { region, known: Object.keys(deliveries) })
  return { ...found }
}
