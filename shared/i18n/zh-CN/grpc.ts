import type { Wording } from '../wording.ts'
import type { grpc as en } from '../en/grpc.ts'

export const grpc: Wording<typeof en> = {
  'grpc.metadataPseudo': 'header “{{name}}” 以冒号开头，这类名称由 HTTP/2 保留。',
  'grpc.metadataReserved': 'header “{{name}}” 由协议自身写入。',
  'grpc.metadataReservedHint': '请去掉它：方法、截止时间和压缩方式由调用设置。',
  'grpc.metadataName': 'header “{{name}}” 不是合法的 metadata 名称。',
  'grpc.metadataNameHint': '名称只能包含字母、数字、“_”、“-” 和 “.”。',
  'grpc.metadataValue': 'header “{{name}}” 的值含有 metadata 无法以文本携带的字符。',
  'grpc.metadataValueHint': '请按字节发送：改名为 “{{name}}”，并以 base64 书写该值。',
  'grpc.metadataBase64': 'header “{{name}}” 的值不是 base64：{{value}}',
  'grpc.metadataBase64Hint': '名称以 -bin 结尾的值是字节，须以 base64 书写。',

  'grpc.status': '服务端返回状态 {{code}} {{name}}：{{message}}',
  'grpc.statusBare': '服务端返回状态 {{code}} {{name}}，没有附带消息。',
  'grpc.statusMalformed': '服务端发来的状态 “{{value}}” 不是数字。',
  'grpc.statusMissing': '响应结束时没有 grpc-status。',
  'grpc.statusMissingHint': '服务端或其前面的代理截断了响应，或者该端口不使用 gRPC。',
  'grpc.httpStatus': '服务端返回 HTTP 状态 {{httpStatus}}，没有 grpc-status，相当于 {{code}} {{name}}。',
  'grpc.httpStatusHint': '应答的可能是代理，或者是不使用 gRPC 的服务端：请检查端口和路径。',
  'grpc.hint.kitexUnknownMethod': 'Kitex 的服务没有该方法时会这样应答：请确认 IDL 就是构建服务端所用的那一份。',
  'grpc.hint.kitexUnknownService': 'Kitex 不提供 {{method}} 时会这样应答：请检查服务名和端口。',
  'grpc.hint.kitexCompressor': '这个 Kitex 服务端构建时没有包含 gzip 编解码器，请不使用压缩来调用。',
  'grpc.hint.compression': '服务端无法读取这种压缩，请使用 --compress none 调用。',
  'grpc.hint.unimplemented': '服务端不提供 {{method}}：请检查包名、服务名、方法名和端口。',
  'grpc.hint.unauthenticated': '请发送凭证，例如 -H "authorization: Bearer TOKEN"。',
  'grpc.hint.permissionDenied': '凭证已被识别，但无权调用 {{method}}。',
  'grpc.hint.messageTooLarge': '服务端限制了消息大小；许多服务端的上限是 4 MiB。',
  'grpc.hint.deadline': '服务端在调用的截止时间放弃了：请调大 --timeout，或查看服务端在等待什么。',
  'grpc.hint.unavailable': '服务端或其后端尚未就绪：请重试，或查看它的日志。',

  'grpc.compressUnknown': '这里不认识压缩方式 “{{name}}”。',
  'grpc.compressUnknownHint': '已知的有 gzip、deflate、snappy 和 zstd。',
  'grpc.compressedMalformed': '一条以 {{name}} 压缩的 {{bytes}} 字节消息无法解压：{{reason}}',
  'grpc.compressedTooLarge': '一条以 {{name}} 压缩的 {{bytes}} 字节消息解压后超过 {{limit}} 字节。',
  'grpc.compressedTooLargeHint': '如果消息属实，请调大消息大小的上限。',
}
