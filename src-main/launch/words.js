// The launcher runs before anything is installed or built, so it cannot read the catalogue in shared/i18n. Its few sentences stand
// here in both languages; test/unit/launch checks that they match.

export const words = {
  en: {
    'usage': 'Unknown task {{task}}. Tasks: {{tasks}}.',
    'node.old': 'Kite Console needs Node {{wanted}} or newer, this is {{found}}. Install a newer one from nodejs.org or your package manager.',
    'build.start': 'Building {{parts}} …',
    'build.done': 'Built {{parts}} in {{seconds}} s.',
    'build.skipped': 'Not built: {{entry}} does not exist yet.',
    'build.failed': 'Building {{part}} failed; the places are listed above. Mend them and run: {{command}}',
  },
  'zh-CN': {
    'usage': '没有 {{task}} 这个任务。可用任务：{{tasks}}。',
    'node.old': 'Kite Console 需要 Node {{wanted}} 或更新版本，当前是 {{found}}。可从 nodejs.org 或系统包管理器安装新版本。',
    'build.start': '正在构建 {{parts}} …',
    'build.done': '{{parts}} 构建完成，用时 {{seconds}} 秒。',
    'build.skipped': '未构建：{{entry}} 尚不存在。',
    'build.failed': '构建 {{part}} 失败，出错位置见上文。改正后运行：{{command}}',
  },
}
