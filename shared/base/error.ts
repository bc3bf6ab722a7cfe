// One error shape for the engine, the window and the command line. The engine never words an error: it names a catalogue
// key and parameters, and a host words them in the user's language (shared/i18n). Codes are Kitex's kinds (kerrors) plus ours.

/** Kitex's error kinds (pkg/kerrors), then kinds that only a console has. */
export const errorCodes = [
  'service_discovery', 'get_connection', 'loadbalance', 'no_more_instance', 'rpc_timeout', 'acl', 'circuit_break', 'over_limit',
  'remote_or_network', 'route', 'retry', 'biz', 'exception', 'payload_validation',
  'idl', 'body', 'protocol', 'contract', 'cancelled', 'usage', 'file', 'listen', 'unsupported', 'internal',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** Where in the product the failure arose: tells the reader whose fault it may be. */
export const errorLayers = ['usage', 'workspace', 'idl', 'codec', 'frame', 'connection', 'discovery', 'balance', 'policy', 'remote', 'telemetry', 'mock', 'ipc', 'engine'] as const
export type ErrorLayer = (typeof errorLayers)[number]

/** Text to be worded by a host: a catalogue key and its parameters. */
export interface Text {
  readonly key: string
  readonly params?: TextParams
}
export type TextParams = Readonly<Record<string, string | number | readonly string[]>>

/** A place that a person can go to. Lines and columns count from 1, offsets from 0 in bytes. */
export interface Place {
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** Byte offset in a frame or a file. */
  readonly offset?: number
  /** Field path in a value, such as `req.users[2].name`. */
  readonly path?: string
}

/** An error as plain data: what crosses processes, what history keeps, what `--output json` prints once it is worded. */
export interface ErrorData {
  readonly code: ErrorCode
  readonly layer: ErrorLayer
  readonly text: Text
  readonly at?: Place
  readonly hint?: Text
  readonly cause?: ErrorData
  /** For declared exceptions: type name and value as JSON text. For the remote's own exceptions: numeric type. */
  readonly exception?: { readonly type: string; readonly json?: string; readonly typeId?: number }
  /** For business errors, as Kitex carries them. */
  readonly biz?: { readonly status: number; readonly message: string; readonly extra: Readonly<Record<string, string>> }
}

/** Thrown inside the engine; `data` is what leaves it. */
export class KiteError extends Error {
  override readonly name = 'KiteError'
  readonly data: ErrorData

  constructor(data: ErrorData) {
    super(`${data.code}: ${data.text.key} ${JSON.stringify(data.text.params ?? {})}`)
    this.data = data
  }

  /** The only place that turns a caught thing into an error of ours. */
  static from(caught: unknown, layer: ErrorLayer = 'engine'): KiteError {
    if (caught instanceof KiteError) return caught
    if (isAbort(caught)) return new KiteError({ code: 'cancelled', layer, text: { key: 'error.cancelled' } })
    const message = caught instanceof Error ? caught.message : String(caught)
    const system = systemCode(caught)
    if (system !== undefined) return new KiteError({ code: 'internal', layer, text: { key: worded.has(system) ? `error.os.${system}` : 'error.os.other', params: { message } } })
    return new KiteError({ code: 'internal', layer, text: { key: 'error.internal', params: { message } } })
  }
}

/** Short form for throwing: `throw fail('body', 'codec', 'error.bodyNotJson', { cause }, { at })`. */
export function fail(code: ErrorCode, layer: ErrorLayer, key: string, params: TextParams = {}, more: Partial<Omit<ErrorData, 'code' | 'layer' | 'text'>> = {}): KiteError {
  return new KiteError({ code, layer, text: { key, params }, ...more })
}

/** What the operating system refused and the catalogue has words for. */
const worded: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'EACCES', 'EPERM', 'ENOSPC', 'EROFS', 'ECONNREFUSED'])

/** The operating system's own code (`ENOENT`): such a failure is no fault of the program, and must not read like one. */
function systemCode(caught: unknown): string | undefined {
  const isSystem = caught instanceof Error && 'syscall' in caught && 'code' in caught && typeof caught.code === 'string'
  return isSystem ? String(caught.code) : undefined
}

function isAbort(caught: unknown): boolean {
  return typeof caught === 'object' && caught !== null && 'name' in caught && caught.name === 'AbortError'
}
