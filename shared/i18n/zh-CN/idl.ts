import type { Wording } from '../wording.ts'
import type { idl as en } from '../en/idl.ts'

export const idl: Wording<typeof en> = {
}
