import type { Wording } from '../wording.ts'
import type { protobuf as en } from '../en/protobuf.ts'

export const protobuf: Wording<typeof en> = {
  'protobuf.needsMessages': '{{method}} 没有 Protobuf 消息：请选择 Thrift 编解码。',
  'protobuf.noDeclaredExceptions': '{{method}} 不能返回异常“{{type}}”：Protobuf 不声明异常。可返回远端异常或业务错误。',
  'protobuf.bareException': '异常“{{message}}”不能放进没有头部的消息：应由传输协议的状态返回。',
  'protobuf.unknownType': 'IDL 中没有消息“{{name}}”：可用消息名、Service/Method#args 或 Service/Method#result。',

  'protobuf.body.floatRange': '{{raw}} 超出 {{type}} 的范围：若指无穷大，应写成 "Infinity"。',
  'protobuf.body.notUtf8': '这段文本含有不是 UTF-8 的字节，{{type}} 不接受：请使用 bytes 字段。',
  'protobuf.body.closedEnum': '封闭枚举 {{name}} 没有数字 {{number}}：对端会把它留在未知字段中。',
  'protobuf.body.twoNames': '同一个字段写了两次（“{{one}}”和“{{other}}”）：只保留一个。',
  'protobuf.body.twoMembers': 'oneof {{oneof}} 只接受一个成员，但设置了多个（{{members}}）：只保留一个。',
  'protobuf.body.expected.timestamp': '应为时间，例如 "2026-01-31T12:00:00Z"，实际是 {{found}}。',
  'protobuf.body.expected.duration': '应为以秒表示的时长，例如 "1.5s"，实际是 {{found}}。',
  'protobuf.body.expected.fieldMask': '应为小驼峰形式的字段路径，例如 "user.displayName,photo"，实际是 {{found}}。',
  'protobuf.body.range.timestamp': '{{found}} 超出范围：Timestamp 只接受公元 1 年到 9999 年。',
  'protobuf.body.range.duration': '{{found}} 超出范围：Duration 最多 315576000000 秒。',
  'protobuf.body.valueNotFinite': 'google.protobuf.Value 不接受 NaN 和 Infinity：给出数字或字符串。',
  'protobuf.body.anyNeedsType': 'Any 需要 "@type"，例如 "type.googleapis.com/package.Message"；或用 "typeUrl" 加 base64 的 "value"。',
  'protobuf.body.anyUnknown': 'IDL 中没有类型“{{type}}”：加载它的文件，或用 "typeUrl" 加 base64 的 "value"。',
  'protobuf.body.anyNeedsValue': '{{type}} 的 Any 只能有 "@type" 和 "value"。',
  'protobuf.body.badUnknown': '"$unknown" 的条目应为 {"id": number, "type": name, "value": value}。',
  'protobuf.body.unknownWireType': '“{{type}}”不是线上类型：可用 varint、i64、i32、len、group。',

  'protobuf.head.notKitex': '这些字节不是 Kitex Protobuf 消息：开头是 {{first}}，应为 9001。',

  'protobuf.bytes.overrun': '这个值超出了所在消息的末尾。',
  'protobuf.bytes.longLength': '声明的长度是 {{length}} 字节，只剩 {{left}} 字节：消息被截断，或不是 Protobuf。',
  'protobuf.bytes.packedLength': '每个 {{size}} 字节的 packed 元素放不进 {{length}} 字节。',
  'protobuf.bytes.openGroup': '字段 {{id}} 的 group 没有结束：消息被截断，或不是 Protobuf。',
  'protobuf.bytes.strayEnd': '字段 {{id}} 的 group 在此结束，但从未开始。',
  'protobuf.bytes.longVarint': '一个数字超过 10 字节：这些字节不是 Protobuf。',
  'protobuf.bytes.longTag': '一个 tag 超过 32 位：这些字节不是 Protobuf。',
  'protobuf.bytes.badTag': 'tag {{tag}} 中没有有效的字段编号：这些字节不是 Protobuf。',
  'protobuf.bytes.wireType': '字段 {{id}} 的线上类型是 {{type}}，应为 0 到 5：这些字节不是 Protobuf。',
  'protobuf.bytes.notUtf8': '这个字符串的字节不是 UTF-8，而它的字段要求 UTF-8。',

  'protobuf.warning.closedEnum': '枚举 {{expected}} 没有收到的数字；保留在 "$unknown" 下。',
  'protobuf.warning.noJsonForm': '这个 {{type}} 没有对应的 JSON 形式：超出范围，或无法还原。',
  'protobuf.warning.unknownNotShown': '这个 {{type}} 带有它没有的字段，这些字段未显示。',
  'protobuf.warning.valueEmpty': '这个 google.protobuf.Value 没有值，显示为 null。',
  'protobuf.warning.anyUnknown': 'IDL 中没有类型“{{type}}”：Any 的字节以 base64 显示。',
  'protobuf.warning.anyBroken': '这个 Any 的字节不是 {{type}} 类型的消息，以 base64 显示。',

  'protobuf.json.notUtf8': '这些字节不是 UTF-8，因此不是 JSON。',
  'protobuf.json.noExceptions': '异常“{{message}}”不能放进 JSON 消息体：应由传输协议的状态返回。',
}
