import type { Wording } from '../wording.ts'
import type { codec as en } from '../en/codec.ts'

export const codec: Wording<typeof en> = {
}
