// What the shop knows: people and goods. Ids are beyond what a double holds and names are of several scripts, because both are what
// tools get wrong.

export interface Person {
  readonly id: bigint
  readonly name: string
  readonly level: 'SILVER' | 'GOLD' | 'PLATINUM'
  readonly createdAt: bigint
  readonly email: string
}

const firstId = 9_007_199_254_740_993n

const people: readonly Person[] = [
  { id: firstId, name: '林小满', level: 'GOLD', createdAt: 1_763_706_512_345n, email: 'xiaoman.lin@shop.example' },
  { id: firstId + 2n, name: 'Ada Lovelace', level: 'PLATINUM', createdAt: 1_701_234_567_890n, email: 'ada@shop.example' },
  { id: firstId + 4n, name: '王小明', level: 'SILVER', createdAt: 1_755_000_000_001n, email: 'xiaoming.wang@shop.example' },
  { id: firstId + 6n, name: 'Zoë Müller', level: 'GOLD', createdAt: 1_760_000_000_777n, email: 'zoe@shop.example' },
]

export interface Good {
  readonly sku: string
  readonly cents: bigint
  readonly onHand: number
  readonly warehouse: string
}

const goods: readonly Good[] = [
  { sku: 'tea-01', cents: 5_900n, onHand: 0, warehouse: 'HGH-1' },
  { sku: 'lamp-02', cents: 19_900n, onHand: 42, warehouse: 'PEK-1' },
  { sku: 'cup-03', cents: 3_500n, onHand: 310, warehouse: 'PEK-1' },
  { sku: 'book-04', cents: 8_800n, onHand: 7, warehouse: 'CAN-2' },
]

export const deliveries: Readonly<Record<string, { readonly warehouse: string; readonly days: number }>> = {
  'cn-north': { warehouse: 'PEK-1', days: 1 },
  'cn-east': { warehouse: 'HGH-1', days: 1 },
  'cn-south': { warehouse: 'CAN-2', days: 2 },
  'eu-west': { warehouse: 'AMS-3', days: 9 },
}

/** Users whose id is not odd and large enough do not exist. */
export const personOf = (id: bigint): Person | undefined => people.find((person) => person.id === id)

export const goodOf = (sku: string): Good | undefined => goods.find((good) => good.sku === sku)

export const allGoods: readonly Good[] = goods
