import type { Wording } from '../wording.ts'
import type { chain as en } from '../en/chain.ts'

export const chain: Wording<typeof en> = {
}
