import type { Wording } from '../wording.ts'
import type { call as en } from '../en/call.ts'

export const call: Wording<typeof en> = {
  'call.badRequest': '请求在 {{path}} 处无效：{{problem}}',
  'call.noIdl': '没有可供查找方法的 IDL。',
  'call.noIdlHint': '请用 --idl FILE 指定。',
  'call.moreIdlErrors_other': '（另有 {{count}} 个错误：kite idl check）',
  'call.streamingNotYet': '{{method}} 是流式方法，Kite Console 目前还不能调用。',

  'call.explain.ok': '{{instance}} 在 {{duration}} 内应答。',
  'call.explain.okPicked': '从 {{total}} 个实例中选中 {{instance}}，在 {{duration}} 内应答。',
  'call.explain.oneway': '{{duration}} 内发往 {{instance}}；oneway 方法没有应答。',
  'call.explain.bizError': '{{instance}} 在 {{duration}} 内返回业务错误 {{status}}：{{message}}。',
  'call.explain.exception': '{{instance}} 在 {{duration}} 内抛出 IDL 中声明的异常 {{type}}。',
  'call.explain.remoteException': '{{instance}} 在 {{duration}} 内返回异常 {{name}}：{{message}}。',
  'call.explain.retriedOnce': '失败一次：第 {{failed}} 次尝试在 {{failedInstance}} 触发 {{timeoutMs}} ms 超时；第 {{winner}} 次尝试在 {{instance}} 成功。',
  'call.explain.retriedOnceWaited': '失败一次：第 {{failed}} 次尝试在 {{failedInstance}} 触发 {{timeoutMs}} ms 超时；等待 {{wait}} 后，第 {{winner}} 次尝试在 {{instance}} 成功。',
  'call.explain.retriedMore': '失败 {{count}} 次，最后一次在 {{failedInstance}} 触发 {{timeoutMs}} ms 超时；第 {{winner}} 次尝试在 {{instance}} 成功，共用 {{duration}}。',
  'call.explain.allFailed': '{{count}} 次尝试全部失败；最后一次是在 {{failedInstance}} 的第 {{failed}} 次尝试，共用 {{duration}}。',
  'call.explain.pickedAgain_other': '{{count}} 个实例不可用（{{refused}}），改选 {{instance}}，在 {{duration}} 内应答。',
  'call.explain.timeout': '{{instance}} 未在 {{timeoutMs}} ms 内应答。',
  'call.explain.timeoutNoInstance': '{{timeoutMs}} ms 内尚未连上任何实例。',
  'call.explain.breakerOpen': '熔断器还会打开 {{openFor}}：没有调用任何实例。',
  'call.explain.cancelled': '{{duration}} 后取消。',
  'call.explain.running': '已运行 {{duration}}。',
}
