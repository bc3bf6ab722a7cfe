// The only way into the engine from a window or a page: channel `area.verb` to input and output. Inputs are parsed at the boundary;
// outputs are typed, and parsed in development only. Streams stand in streams.ts.

import * as z from 'zod'
import { tlsSchema, type CallRecord } from '../model/call.ts'
import type { IdlSet } from '../model/idl.ts'
import type { MockStatus } from '../model/mock.ts'
import type { ProbeReport } from '../model/probe.ts'
import { mockOptionsSchema } from '../model/mock.ts'
import { streamFilters, type StreamHits, type StreamPage, type StreamState } from '../model/stream-view.ts'
import { traceFilterSchema, type ReceiverStatus, type Span, type TraceSummary } from '../model/trace.ts'
import { draftsSchema, savedCallSchema, settingsSchema, type HistoryEntry, type Layout, type Settings, type WorkspaceState } from '../model/workspace.ts'
import type { Drafts } from '../model/workspace.ts'

/** Carries the output's type beside the input's schema. */
export interface Channel<I extends z.ZodType, O> {
  readonly input: I
  readonly output?: (value: O) => void
}
const channel = <O>() => <I extends z.ZodType>(input: I): Channel<I, O> => ({ input })

const nothing = z.undefined()
const running = z.object({ callId: z.string() })
const streamFilter = z.enum(streamFilters).default('all')
const position = z.int().min(0)
const messageText = z.string().max(64 * 1024 * 1024)
const layoutSchema = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))

export interface AppInfo {
  readonly version: string
  /** Such as `Electron 33.2.1` or `Chromium page`. */
  readonly runtime: string
  readonly host: 'electron' | 'page'
  readonly platform: 'linux' | 'darwin' | 'win32' | 'other'
  /** What `auto` means on this machine. */
  readonly language: 'en' | 'zh-CN'
  readonly settings: Settings
  readonly layout: Layout
}

export const contract = {
  'app.info': channel<AppInfo>()(nothing),
  'app.setSettings': channel<Settings>()(settingsSchema.partial()),
  'app.setLayout': channel<void>()(layoutSchema),
  /** Text to the clipboard (Electron; a page uses the browser's). */
  'app.copyText': channel<void>()(z.object({ text: z.string().max(64 * 1024 * 1024) })),
  /** Asks with the system's dialog; empty when cancelled. A page has none: `unsupported`. */
  'app.pickIdl': channel<{ readonly paths: readonly string[] }>()(nothing),
  'app.pickFolder': channel<{ readonly path: string | undefined }>()(nothing),
  /** Where to save a file of that name. A page has no dialog: `unsupported`. */
  'app.pickSave': channel<{ readonly path: string | undefined }>()(z.object({ name: z.string().regex(/^[^/\\]+$/) })),

  'workspace.state': channel<WorkspaceState>()(nothing),
  'workspace.open': channel<WorkspaceState>()(z.object({ path: z.string().min(1) })),
  'workspace.openDemo': channel<WorkspaceState>()(nothing),
  'workspace.setEnvironment': channel<WorkspaceState>()(z.object({ name: z.string().optional() })),
  'workspace.addIdl': channel<WorkspaceState>()(z.object({ paths: z.array(z.string()).min(1) })),
  /** IDL text that came by drop or paste where there is no path (a page). */
  'workspace.addIdlText': channel<WorkspaceState>()(z.object({ files: z.array(z.object({ name: z.string().regex(/^[^/\\]+$/), text: z.string().max(16 * 1024 * 1024) })).min(1) })),
  /** Asks a gRPC server for its IDL by reflection, and keeps its address among the workspace's IDLs where it has one. */
  'workspace.addServerIdl': channel<WorkspaceState>()(z.object({ address: z.string().min(1), tls: tlsSchema.optional() })),
  /** Servers among the IDLs are asked again when the IDLs are next loaded. */
  'workspace.refreshIdl': channel<void>()(nothing),
  'workspace.removeIdl': channel<WorkspaceState>()(z.object({ path: z.string() })),
  /** `path` is relative to calls/, without extension; existing files are replaced only with `overwrite`. */
  'workspace.saveCall': channel<WorkspaceState>()(z.object({ path: z.string().min(1), request: savedCallSchema.shape.request, overwrite: z.boolean().default(false) })),
  'workspace.deleteCall': channel<WorkspaceState>()(z.object({ path: z.string().min(1) })),
  'workspace.loadDrafts': channel<Drafts>()(nothing),
  'workspace.saveDrafts': channel<void>()(draftsSchema),

  'idl.load': channel<IdlSet>()(nothing),
  'idl.example': channel<{ readonly body: string }>()(z.object({ method: z.string() })),

  /** Which protocols a port speaks; nothing is called. */
  'probe.run': channel<ProbeReport>()(z.object({ address: z.string().min(1), method: z.string().optional(), path: z.string().optional(), tls: tlsSchema.optional() })),

  'history.list': channel<readonly HistoryEntry[]>()(z.object({ limit: z.int().min(1).max(10_000).default(200) })),
  'history.get': channel<CallRecord>()(z.object({ id: z.string() })),
  'history.clear': channel<void>()(nothing),

  /** Streams, by the id of their call: while it runs, and for a while after. */
  'stream.send': channel<void>()(running.extend({ json: messageText })),
  /** A file of messages: its path, or where a window has none its text. */
  'stream.sendFile': channel<void>()(running.extend({ path: z.string().optional(), text: messageText.optional(), rate: z.number().min(0).default(0) })),
  'stream.closeSend': channel<void>()(running),
  /** Nothing more is read: the peer is held back as far as the protocol can. */
  'stream.pause': channel<void>()(running),
  'stream.resume': channel<void>()(running),
  'stream.setCountOnly': channel<void>()(running.extend({ isCountOnly: z.boolean() })),
  'stream.state': channel<StreamState>()(running),
  /** Entries by position; messages are cut to `maxChars`. */
  'stream.read': channel<StreamPage>()(running.extend({ from: position, count: z.int().min(1).max(500), filter: streamFilter, maxChars: z.int().min(0).max(64 * 1024 * 1024).default(400) })),
  /** Goes on for a moment, then says how far it came: call again from there. */
  'stream.search': channel<StreamHits>()(running.extend({ text: z.string().min(1), from: position, filter: streamFilter, maxHits: z.int().min(1).max(10_000).default(1000) })),
  /** Its tab was closed: cancels nothing, keeps nothing after the end. */
  'stream.forget': channel<void>()(running),

  'trace.list': channel<readonly TraceSummary[]>()(traceFilterSchema),
  'trace.get': channel<readonly Span[]>()(z.object({ traceId: z.string() })),
  'receiver.start': channel<ReceiverStatus>()(z.object({ grpcPort: z.int().min(0).max(65535), httpPort: z.int().min(0).max(65535) })),
  'receiver.stop': channel<ReceiverStatus>()(nothing),

  'mock.start': channel<MockStatus>()(mockOptionsSchema),
  'mock.stop': channel<void>()(z.object({ id: z.string() })),
  'mock.list': channel<readonly MockStatus[]>()(nothing),
} as const

export type Contract = typeof contract
export type ChannelName = keyof Contract
/** What a caller gives (defaults may be left out). */
export type Input<C extends ChannelName> = z.input<Contract[C]['input']>
/** What a handler gets (defaults filled in). */
export type Parsed<C extends ChannelName> = z.output<Contract[C]['input']>
export type Output<C extends ChannelName> = Contract[C] extends Channel<z.ZodType, infer O> ? O : never
