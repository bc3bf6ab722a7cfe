// This user's settings, pane sizes, recent folders and window place: state of a person on a machine, so never part of a workspace folder.
// One small file each; reading never fails (defaults, and a problem to show), writing is atomic.

import { join } from 'node:path'
import * as z from 'zod'
import { Emitter, type Event } from '../../../shared/base/emitter.ts'
import { type ErrorData, KiteError } from '../../../shared/base/error.ts'
import { type Layout, type Settings, settingsSchema } from '../../../shared/model/workspace.ts'
import { readDocument } from './document.ts'
import { putAside } from './drafts.ts'
import type { Files } from './files.ts'
import { createQueue } from './serial.ts'
import { documentText, writeAtomic } from './write-atomic.ts'

/** What hosts read and write of the user's own data. */
export interface UserData {
  readonly settings: Settings
  readonly onDidChangeSettings: Event<Settings>
  setSettings(change: { readonly [K in keyof Settings]?: Settings[K] | undefined }): Promise<Settings>
  readonly layout: Layout
  setLayout(layout: Layout): Promise<void>
  /** Folders opened before, newest first. */
  readonly recent: readonly string[]
  addRecent(folder: string): Promise<void>
  /** Files that could not be read; they were put aside. */
  readonly problems: readonly ErrorData[]
}

const layoutFile = z.looseObject({ format: z.literal(1), layout: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])) })
const recentFile = z.looseObject({ format: z.literal(1), folders: z.array(z.string()) })
const settingsFile = settingsSchema.extend({ format: z.literal(1) })
const recentLimit = 20

/** Reads the data folder; a missing one is as good as an empty one. */
export async function openUserData(files: Files, folder: string): Promise<UserData> {
  const problems: ErrorData[] = []
  const read = async <S extends z.ZodType>(name: string, schema: S, fallback: z.output<S>): Promise<z.output<S>> => {
    const path = join(folder, name)
    try {
      return (await readDocument(files, path, schema)).value
    } catch (caught) {
      const { data } = KiteError.from(caught, 'workspace')
      if (data.text.key !== 'workspace.missing') {
        problems.push(data)
        await putAside(files, path)
      }
      return fallback
    }
  }
  let settings = await read('settings.json', settingsFile, settingsFile.parse({ format: 1 }))
  let { layout } = await read('layout.json', layoutFile, { format: 1, layout: {} })
  let { folders } = await read('recent.json', recentFile, { format: 1, folders: [] })
  const changed = new Emitter<Settings>()
  const queue = createQueue()
  const write = (name: string, document: object): Promise<void> => queue(() => writeAtomic(files, join(folder, name), documentText(document), 'private'))
  return {
    get settings() {
      return withoutFormat(settings)
    },
    onDidChangeSettings: changed.event,
    setSettings: async (change) => {
      settings = settingsFile.parse({ ...settings, ...withoutUndefined(change), format: 1 })
      changed.fire(withoutFormat(settings))
      await write('settings.json', formatFirst(settings))
      return withoutFormat(settings)
    },
    get layout() {
      return layout
    },
    setLayout: async (change) => {
      layout = { ...layout, ...change }
      await write('layout.json', { format: 1, layout: sorted(layout) })
    },
    get recent() {
      return folders
    },
    addRecent: async (opened) => {
      folders = [opened, ...folders.filter((known) => known !== opened)].slice(0, recentLimit)
      await write('recent.json', { format: 1, folders })
    },
    problems,
  }
}

function withoutFormat({ format: _, ...settings }: z.output<typeof settingsFile>): Settings {
  return settings
}

const formatFirst = (settings: z.output<typeof settingsFile>): object => ({ format: 1, ...withoutFormat(settings) })

const withoutUndefined = (change: object): object => Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))

const sorted = <T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
