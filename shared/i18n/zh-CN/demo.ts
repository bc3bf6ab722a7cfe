import type { Wording } from '../wording.ts'
import type { demo as en } from '../en/demo.ts'

export const demo: Wording<typeof en> = {
}
