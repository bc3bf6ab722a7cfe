// Which instances the shop has, and where they would like to listen: the same addresses each time, as long as they are free.

import { gatewayMethods } from './shop/gateway.ts'
import { orderMethods } from './shop/order.ts'
import type { Methods } from './shop/shop-call.ts'
import { stockMethods } from './shop/stock.ts'
import { userMethods } from './shop/user.ts'

export interface Place {
  /** Name in the registry. */
  readonly service: string
  /** Name in the IDL. */
  readonly idlService: string
  readonly methods: Methods
  readonly port: number
  readonly weight: number
  readonly tags: Readonly<Record<string, string>>
}

const place = (service: string, idlService: string, methods: Methods, port: number, weight = 10, version = 'v1.0'): Place => ({
  service, idlService, methods, port, weight, tags: { version, zone: port % 2 === 0 ? 'b' : 'a' },
})

/** In the order of the registry file: callees before callers, so that nobody is found before those it asks. */
export const places: readonly Place[] = [
  place('demo.stock', 'StockService', stockMethods, 7301),
  place('demo.order', 'OrderService', orderMethods, 7201),
  place('demo.order', 'OrderService', orderMethods, 7202),
  place('demo.user', 'UserService', userMethods, 7101, 10, 'v1.9'),
  place('demo.user', 'UserService', userMethods, 7102, 10, 'v1.9'),
  place('demo.user', 'UserService', userMethods, 7103, 2, 'v2.1'),
  place('demo.gateway', 'GatewayService', gatewayMethods, 7001),
]
