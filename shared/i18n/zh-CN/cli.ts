import type { Wording } from '../wording.ts'
import type { cli as en } from '../en/cli.ts'

export const cli: Wording<typeof en> = {
}
