import type { Wording } from '../wording.ts'
import type { transport as en } from '../en/transport.ts'

export const transport: Wording<typeof en> = {
}
