import type { Wording } from '../wording.ts'
import type { discovery as en } from '../en/discovery.ts'

export const discovery: Wording<typeof en> = {
  'discovery.unreadableEntry': '注册中心条目 {{where}} 不是有效实例：{{cause}}',
  'discovery.notARegistryFile': '这不是注册文件：{{cause}}。',
  'discovery.registryFileForm': '文件需要 `services:` 映射：服务名对应 {address, weight, tags} 的列表。',
  'discovery.cannotRead': '无法读取注册文件：{{cause}}',
  'discovery.cannotWrite': '无法写入 {{file}}：{{cause}}',
  'discovery.locked': '{{file}} 已被另一个进程占用 15 s。若该进程已退出，可删除此文件。',
  'discovery.badUrl': '{{url}} 不是注册中心地址。',
  'discovery.urlForms': '可用形式：file:PATH 或 etcd://HOST:PORT[/prefix]。',
  'discovery.unknownScheme': '{{url}} 不是已知的注册中心类型。',
  'discovery.slashInService': '服务名 {{service}} 含有斜杠，Kitex 的 etcd 注册中心不接受。',
  'discovery.unreachable': '注册中心 {{origin}} 没有应答：{{cause}}',
  'discovery.unreachableHint': '请检查 etcd 是否监听该地址，以及中间是否有代理或防火墙。',
}
