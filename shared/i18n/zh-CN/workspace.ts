import type { Wording } from '../wording.ts'
import type { workspace as en } from '../en/workspace.ts'

export const workspace: Wording<typeof en> = {
}
