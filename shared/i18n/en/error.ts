// Errors that several areas share; an area's own errors stand in its own file.
export const error = {
  'error.cancelled': 'Cancelled',
  'error.internal': 'Internal error: {{message}}',
  'error.noServices': 'The loaded IDL declares no service.',
  'error.os.ENOENT': 'No such file or folder (ENOENT)',
  'error.os.ENOTDIR': 'Part of the path is no folder (ENOTDIR)',
  'error.os.EISDIR': 'It is a folder, not a file (EISDIR)',
  'error.os.EACCES': 'Permission denied (EACCES)',
  'error.os.EPERM': 'Operation not permitted (EPERM)',
  'error.os.ENOSPC': 'No space left on the disk (ENOSPC)',
  'error.os.EROFS': 'The disk is read-only (EROFS)',
  'error.os.ECONNREFUSED': 'Connection refused (ECONNREFUSED)',
  'error.os.other': '{{message}}',
} as const
