import type { Wording } from '../wording.ts'
import type { call as en } from '../en/call.ts'

export const call: Wording<typeof en> = {
}
