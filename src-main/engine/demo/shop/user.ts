// demo.user. v2.1 reads each user from a store that it has not learned to cache yet, which is the reason for a gray release: one
// instance of little weight that turns out to be slow.

import { personOf, type Person } from './data.ts'
import { declared, fine, type Methods, type Shop } from './shop-call.ts'
import { integer, list, text, type Fields, type Value } from './values.ts'

/** Longer than the 200 ms of the saved call, whatever the jitter. */
const uncachedMs = 320
const cachedMs = 4

export const userMethods: Methods = {
  async GetUser(request, shop) {
    await shop.work(shop.version === 'v2.1' ? uncachedMs : cachedMs)
    const person = known(integer(request['userId']))
    const wanted = list(request['fields']).map(text)
    const region = text(request['region'])
    const [orders, delivery] = await Promise.all([
      wanted.includes('ORDERS') ? shop.ask('demo.order', 'OrderService/Recent', { userId: person.id }) : undefined,
      wanted.includes('DELIVERY') && region !== '' ? shop.ask('demo.gateway', 'GatewayService/Route', { region }) : undefined,
    ])
    return {
      user: {
        ...profileOf(person),
        ...(wanted.includes('LEVEL') ? { level: person.level } : {}),
        ...(orders === undefined ? {} : { recentOrders: list(orders['orders']) }),
        ...(delivery === undefined ? {} : { delivery }),
      },
      base: fine,
    }
  },

  async BatchGetUsers(request, shop) {
    await shop.work(cachedMs * 2)
    const ids = list(request['userIds']).map(integer)
    const found = ids.flatMap((id) => personOf(id) ?? [])
    return {
      users: Object.fromEntries(found.map((person) => [String(person.id), { ...profileOf(person), level: person.level }])),
      missing: ids.filter((id) => personOf(id) === undefined),
      base: fine,
    }
  },

  async UpdateProfile(request, shop) {
    await shop.work(cachedMs)
    const person = known(integer(request['userId']))
    return { ...profileOf(person), ...changed(request, 'name'), ...changed(request, 'email') }
  },

  async Touch(_, shop: Shop) {
    await shop.work(1)
    return undefined
  },
}

const profileOf = ({ id, name, createdAt, email }: Person): Fields => ({ id, name, createdAt, email })

const changed = (request: Fields, field: string): Record<string, Value> => {
  const value = request[field]
  return value === undefined || value === null ? {} : { [field]: value }
}

function known(userId: bigint): Person {
  const person = personOf(userId)
  if (person === undefined) throw declared('UserNotFound', { userId, message: `没有用户 ${userId}` })
  return person
}
