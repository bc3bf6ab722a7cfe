import type { Wording } from '../wording.ts'
import type { error as en } from '../en/error.ts'

export const error: Wording<typeof en> = {
  'error.cancelled': '已取消',
  'error.internal': '内部错误：{{message}}',
  'error.noServices': '已加载的 IDL 没有声明任何服务。',
  'error.os.ENOENT': '没有这个文件或目录（ENOENT）',
  'error.os.ENOTDIR': '路径中有一部分不是目录（ENOTDIR）',
  'error.os.EISDIR': '这是目录，不是文件（EISDIR）',
  'error.os.EACCES': '没有权限（EACCES）',
  'error.os.EPERM': '不允许此操作（EPERM）',
  'error.os.ENOSPC': '磁盘空间不足（ENOSPC）',
  'error.os.EROFS': '磁盘是只读的（EROFS）',
  'error.os.ECONNREFUSED': '连接被拒绝（ECONNREFUSED）',
  'error.os.other': '{{message}}',
}
