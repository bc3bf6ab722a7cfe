import type { Wording } from '../wording.ts'
import type { demo as en } from '../en/demo.ts'

export const demo: Wording<typeof en> = {
  'demo.noFiles': '此安装中没有演示工作区的文件（{{folders}}）。',
  'demo.cannotCopy': '无法把演示工作区写入 {{folder}}。',
  'demo.cannotCopyHint': '请指定另一个目录：kite demo FOLDER',
  'demo.brokenHint': '演示工作区被改动过。删除 {{folder}} 即可重新获得，或指定另一个目录：kite demo FOLDER',
  'demo.noFirstCall': '无法读取演示用的已保存请求。',
  'demo.cli.example.first': '启动商店，打印监听地址，并保持运行',
  'demo.cli.example.once': '发出第一个调用，打印应答、链路和 trace，然后停止',
  'demo.cli.example.folder': '把工作区放进你自己的目录',
  'demo.cli.argument.folder': '工作区目录（默认在数据目录中；用 --once 时为临时目录）',
  'demo.cli.flag.once': '发出第一个调用，打印过程，然后停止',
  'demo.cli.flag.seed': '换一个种子：让别的调用遇到繁忙的仓库',
  'demo.cli.running': '商店已启动。工作区：{{folder}}',
  'demo.cli.try': '可在另一个终端中试试：',
  'demo.cli.stop': '按 Ctrl-C 停止。',
  'demo.cli.traces': 'trace 发往 {{address}}。',
  'demo.cli.stopped': '商店已关闭。',
}
