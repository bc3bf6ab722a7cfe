import type { Wording } from '../wording.ts'
import type { error as en } from '../en/error.ts'

export const error: Wording<typeof en> = {
  'error.cancelled': '已取消',
  'error.internal': '内部错误：{{message}}',
}
