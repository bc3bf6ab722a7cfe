import type { Wording } from '../wording.ts'
import type { discovery as en } from '../en/discovery.ts'

export const discovery: Wording<typeof en> = {
}
