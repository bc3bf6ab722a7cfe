import type { Wording } from '../wording.ts'
import type { mock as en } from '../en/mock.ts'

export const mock: Wording<typeof en> = {
}
