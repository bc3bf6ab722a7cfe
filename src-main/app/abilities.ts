// What the desktop can do that a page cannot: the system's clipboard and its file dialogs.

import { type BrowserWindow, app, clipboard, dialog } from 'electron'
import type { Translator } from '../../shared/i18n/translate.ts'
import { type HostAbilities, platformOf } from '../host/abilities.ts'

interface Desktop {
  /** The window that a dialog belongs to. */
  window(): BrowserWindow | undefined
  translator(): Promise<Translator>
}

/** Abilities of this desktop. */
export function desktopAbilities({ window, translator }: Desktop): HostAbilities {
  const ask = async (options: Electron.OpenDialogOptions): Promise<readonly string[]> => {
    const owner = window()
    const { filePaths } = await (owner === undefined ? dialog.showOpenDialog(options) : dialog.showOpenDialog(owner, options))
    return filePaths
  }
  return {
    // Asked for by windows only, so after the application is ready: before, it does not know the system's languages.
    get info() {
      return {
        version: app.getVersion(),
        runtime: `Electron ${process.versions['electron'] ?? ''}`.trim(),
        host: 'electron' as const,
        platform: platformOf(process.platform),
        language: systemLanguage(),
      }
    },
    copyText: async (text) => clipboard.writeText(text),
    pickIdl: async () => {
      const { t } = await translator()
      return ask({ title: t('workspace.dialogIdl'), properties: ['openFile', 'multiSelections'], filters: [{ name: t('workspace.dialogIdlFiles'), extensions: ['thrift', 'proto', 'pb', 'binpb', 'protoset', 'desc', 'zip', 'tar', 'tgz', 'gz'] }] })
    },
    pickFolder: async () => {
      const { t } = await translator()
      return (await ask({ title: t('workspace.dialogFolder'), properties: ['openDirectory', 'createDirectory'] }))[0]
    },
    pickSave: async (name) => {
      const owner = window()
      const options = { defaultPath: name }
      const { canceled, filePath } = await (owner === undefined ? dialog.showSaveDialog(options) : dialog.showSaveDialog(owner, options))
      return canceled ? undefined : filePath
    },
  }
}

/** What `auto` means: any Chinese locale reads Chinese, all others English. KITE_LANG, as for the command line, comes first. */
export function systemLanguage(): 'en' | 'zh-CN' {
  const wanted = process.env['KITE_LANG'] || app.getPreferredSystemLanguages()[0] || app.getLocale()
  return wanted.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}
