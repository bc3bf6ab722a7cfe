import type { Wording } from '../wording.ts'
import type { telemetry as en } from '../en/telemetry.ts'

export const telemetry: Wording<typeof en> = {
}
