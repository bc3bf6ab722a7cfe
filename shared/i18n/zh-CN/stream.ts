import type { Wording } from '../wording.ts'
import type { stream as en } from '../en/stream.ts'

export const stream: Wording<typeof en> = {
  'stream.logFailed': '流日志无法写入（{{reason}}）：此后的消息只计数、不保留。请先释放磁盘空间，再关闭“只计数”。',
  'stream.notRunning': '该流已结束或不存在，无法发送。',
  'stream.unknown': '该流的消息已不再保留。',
  'stream.sendClosed': '该流的发送方向已结束。',
  'stream.fileRunning': '正在发送一个文件。等它发完，或取消该流。',
  'stream.fileNotUtf8': '文件不是 UTF-8 编码。请转换后重新发送。',
  'stream.fileUnreadable': '无法读取文件（{{reason}}）。',
}
