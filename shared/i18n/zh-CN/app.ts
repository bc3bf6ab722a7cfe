import type { Wording } from '../wording.ts'
import type { app as en } from '../en/app.ts'

export const app: Wording<typeof en> = {
}
