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
  'stream.cli.example.file': '从文件发送消息，每秒十条，并以 JSON 行输出全过程',
  'stream.cli.example.typed': '输入或管道来一条发一条；Ctrl-D 结束发送',
  'stream.cli.flag.stream': 'JSON-RPC：保持 WebSocket 连接，发送输入的消息并打印收到的消息',
  'stream.cli.flag.rate': '流：每秒发送的消息数（默认：对端收多快就发多快）',
  'stream.cli.flag.recvTimeout': '流：等待下一条消息的最长时间（默认：不限）',
  'stream.cli.flag.limit': '流：收到这么多条消息后停止',
  'stream.cli.unreadable': 'kite：第 {{number}} 条消息无法读取：{{error}}',
  'stream.cli.halfClose': '发送已结束。',
  'stream.cli.stall': '对端的窗口关闭了 {{ms}} ms。',
  'stream.explain.ok': '与 {{instance}} 的流持续 {{duration}}：发送 {{sent}} 条，收到 {{received}} 条。',
}
