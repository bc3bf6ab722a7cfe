import type { Wording } from '../wording.ts'
import type { launch as en } from '../en/launch.ts'

export const launch: Wording<typeof en> = {
}
