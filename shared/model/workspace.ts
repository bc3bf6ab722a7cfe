// A workspace is a folder of text files made for git (style.md 3.8): kite.json, calls/**/*.kite.json, env/*.json, and `.kite/` for
// history and drafts, which git ignores. Every file begins with its format number; unknown keys survive a read and a write.

import * as z from 'zod'
import type { ErrorData } from '../base/error.ts'
import { callRequestSchema, type CallRecord, type Outcome } from './call.ts'

/** kite.json */
export const workspaceFileSchema = z.looseObject({
  format: z.literal(1),
  name: z.string().min(1),
  /** Relative to the workspace folder, with forward slashes; folders mean every .thrift file below them. */
  idl: z.object({ paths: z.array(z.string()).default([]), includeDirs: z.array(z.string()).default([]) }).default({ paths: [], includeDirs: [] }),
  /** Which IDL service a registry name stands for, such as `"demo.user": "UserService"`; absent names are matched by similarity. */
  services: z.record(z.string(), z.string()).default({}),
})
export type WorkspaceFile = z.infer<typeof workspaceFileSchema>

/** env/<name>.json */
export const environmentFileSchema = z.looseObject({
  format: z.literal(1),
  /** Registry URL, see cli.md; relative `file:` paths are relative to the workspace folder. */
  registry: z.string().optional(),
  production: z.boolean().default(false),
  variables: z.record(z.string(), z.string()).default({}),
})
export type EnvironmentFile = z.infer<typeof environmentFileSchema>

/** calls/<folder>/<name>.kite.json; paths inside `idl` are left out: a saved call uses the workspace's. */
export const savedCallSchema = z.looseObject({
  format: z.literal(1),
  request: callRequestSchema.omit({ idl: true }),
})
export type SavedCall = z.infer<typeof savedCallSchema>

export interface WorkspaceState {
  /** Absolute path; undefined: nothing opened, calls and IDLs live in memory and in the data folder. */
  readonly root: string | undefined
  readonly name: string
  readonly idl: { readonly paths: readonly string[]; readonly includeDirs: readonly string[] }
  readonly services: Readonly<Record<string, string>>
  readonly environments: readonly { readonly name: string; readonly registry?: string; readonly production: boolean; readonly variables: Readonly<Record<string, string>> }[]
  readonly environment: string | undefined
  readonly calls: readonly { readonly path: string; readonly name: string; readonly request: SavedCall['request'] }[]
  /** Files that could not be read, each with place and cause; the rest works. */
  readonly problems: readonly ErrorData[]
  /** Why nothing can be written, such as a read-only folder. */
  readonly readOnly?: ErrorData
}

/** A line of the history list. */
export interface HistoryEntry {
  readonly id: string
  readonly startTimeUnixNano: string
  readonly service: string
  readonly method: string
  readonly outcome: Outcome
  readonly durationNs: number
  readonly retries: number
  readonly bytes: CallRecord['bytes']
}

/** What a tab holds, kept as it is typed so that a crash loses nothing. */
export const draftSchema = z.object({
  id: z.string(),
  title: z.string(),
  /** Saved call that it edits, relative path. */
  path: z.string().optional(),
  dirty: z.boolean().default(false),
  request: callRequestSchema,
  /** History record shown in it. */
  recordId: z.string().optional(),
})
export type Draft = z.infer<typeof draftSchema>
export const draftsSchema = z.object({ format: z.literal(1), active: z.string().optional(), tabs: z.array(draftSchema) })
export type Drafts = z.infer<typeof draftsSchema>

export const settingsSchema = z.looseObject({
  language: z.enum(['auto', 'en', 'zh-CN']).default('auto'),
  theme: z.enum(['auto', 'light', 'dark']).default('auto'),
  compactRows: z.boolean().default(false),
  receiverGrpcPort: z.int().min(0).max(65535).default(4317),
  receiverHttpPort: z.int().min(0).max(65535).default(4318),
  historyLimit: z.int().min(10).max(100_000).default(1000),
  editorFontSize: z.number().min(9).max(24).default(12.5),
})
export type Settings = z.infer<typeof settingsSchema>

/** Pane sizes and the like: state, not settings; remembered per workspace by the window. */
export type Layout = Readonly<Record<string, number | string | boolean>>
