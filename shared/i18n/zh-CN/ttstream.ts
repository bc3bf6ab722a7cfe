import type { Wording } from '../wording.ts'
import type { ttstream as en } from '../en/ttstream.ts'

export const ttstream: Wording<typeof en> = {
  'ttstream.exception': '服务端以异常 {{typeId}} {{name}} 结束了流：{{message}}',
  'ttstream.reset': '服务端重置了流（{{typeId}} {{name}}）：{{message}}',
  'ttstream.resetAlong': '流沿 {{path}} 被取消（{{typeId}} {{name}}）：{{message}}',
  'ttstream.unreadableException': '流以一个无法读取的异常结束，共 {{bytes}} 字节（Kitex：12004 illegal frame）。',
  'ttstream.connectionClosed': '流尚未结束，与 {{address}} 的连接就已关闭（Kitex：12006 transport is closing）。',
  'ttstream.closedAtOnceHint': '这个流没有收到任何数据：{{address}} 可能不支持 TTHeader Streaming（需 Kitex v0.13 及以上并提供流式服务）。可改用 grpc。',
  'ttstream.duplicateHeader': '服务端为流 {{streamId}} 发送了第二个 Header 帧（Kitex：12002 unexpected header frame），该连接及其上的所有流随之结束。',
  'ttstream.unknownFrameType': '字节 {{offset}} 处的帧在整数键 27 中写的帧类型是 “{{value}}”：应为 1 到 5。',
  'ttstream.notStreaming': '收到一个没有流标志的 TTHeader 帧（flags {{flags}}，字节 {{offset}}）：服务端在此应答的是一元调用。',
  'ttstream.messageTooLarge': '消息有 {{bytes}} 字节，超过上限 {{limit}}；流已结束。',
  'ttstream.messageTooLargeHint': '如果消息本应这么大，请调高本次调用的最大消息大小。',
  'ttstream.overForSending': '服务端已结束该流：不能再发送消息。',
  'ttstream.sendAfterClose': '半关闭之后又发送了消息。',
  'ttstream.silenceHint': '对于不认识的服务或方法，Kitex 什么也不返回：请确认服务端有流式方法 {{service}}/{{method}}。',
  'ttstream.unary': '{{method}} 不是流：{{transport}} 只承载流式方法。',
  'ttstream.unaryHint': '请使用 ttheader-framed，Kitex 对流式服务中的一元方法也是如此。',
}
