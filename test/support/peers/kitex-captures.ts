// Captures of a real Kitex client talking to a real Kitex server: which calls are captured, and the form of the golden files. Values
// are kept as JSON text, so that no digit of an i64 is lost on the way.

import { readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { kitexIdl } from './kitex.ts'

/** By way of what is found from a bundled bench too. */
export const captureFolder = join(dirname(kitexIdl), '../../../golden/kitex')

export const captureTransports = ['buffered', 'framed', 'ttheader', 'ttheader-framed'] as const
export type CaptureTransport = (typeof captureTransports)[number]

/** One exchange, both ways as hex, and what Kitex's client said of it. */
export interface Capture {
  readonly name: string
  readonly service: string
  readonly method: string
  readonly transient: Readonly<Record<string, string>>
  readonly persistent: Readonly<Record<string, string>>
  /** Go's JSON of the arguments. */
  readonly args: string
  /** Go's JSON of the result struct; `null` for a oneway. */
  readonly result: string
  /** Kitex's account of the failure, or null. */
  readonly error: { readonly kind: string; readonly code: number; readonly message: string; readonly extra?: Readonly<Record<string, string>> } | null
  readonly backward: Readonly<Record<string, string>>
  readonly request: string
  /** Empty for a oneway. */
  readonly reply: string
}

/** A call to capture: an order of `peer call` without its transport. */
export interface CaptureOrder extends Pick<Capture, 'name' | 'method' | 'args'> {
  readonly service?: string
  readonly transient?: Readonly<Record<string, string>>
  readonly persistent?: Readonly<Record<string, string>>
  readonly timeoutMs?: number
  readonly noHandler?: boolean
}

const everything = `{"req":{"flag":true,"tiny":-128,"small":32767,"medium":-2147483648,"large":9007199254740993,"ratio":0.1,"text":"Kite 风筝 \\"q\\"","blob":"AAH/gA==",
"color":10,"address":{"city":"杭州","zip":310000},"numbers":[1,-1,0],"names":["b","a"],"counts":{"one":1,"min":-9223372036854775808},
"nested":{"7":[{"pi":3.141592653589793},{}],"-1":[]},"choice":{"number":9223372036854775807},"tree":{"name":"root","children":[{"name":"leaf","children":[]}]},
"addresses":[{"city":"A"},{"city":"B","zip":0}],"byColor":{"1":[1,2],"2":[]},"user":-5,"limit":3,"bits":[true,false],"blobs":[["","//8="],[]],"tinyRatio":5e-324,"negative":"id -1"}}`.replaceAll('\n', '')

/** What is captured, in each of the four framings. */
export const captureOrders: readonly CaptureOrder[] = [
  { name: 'string', method: 'Say', args: '{"msg":"hi"}' },
  { name: 'empty string', method: 'Say', args: '{"msg":""}' },
  { name: 'every type', method: 'Echo', args: everything },
  { name: 'empty struct', method: 'Echo', args: '{"req":{}}' },
  { name: 'void', method: 'Nothing', args: '{"note":"v"}' },
  { name: 'several arguments', method: 'Add', args: '{"a":1,"b":9007199254740993,"more":[1,2]}' },
  { name: 'inherited method', method: 'Ping', args: '{}' },
  { name: 'oneway', method: 'Fire', args: '{"note":"fired"}' },
  { name: 'declared exception', method: 'Throw', args: '{"code":7}' },
  { name: 'second declared exception', method: 'Throw', args: '{"code":-1}' },
  { name: 'plain error', method: 'Fail', args: '{"why":"because"}' },
  { name: 'panic', method: 'Panic', args: '{"why":"because"}' },
  { name: 'business error', method: 'Biz', args: '{"status":42,"message":"不行","extra":{"k":"<v>&"}}' },
  { name: 'metainfo', method: 'Meta', args: '{"backward":{"back":"b1"}}', transient: { tk: 't1', 'gdpr-token': 'token' }, persistent: { pk: 'p1' } },
  { name: 'with a timeout', method: 'Say', args: '{"msg":"soon"}', timeoutMs: 1500 },
  { name: 'without the header handler', method: 'Say', args: '{"msg":"plain"}', noHandler: true },
  { name: 'second service', service: 'Second', method: 'Hello', args: '{"name":"kite"}' },
]

export async function readCaptures(transport: CaptureTransport): Promise<readonly Capture[]> {
  return JSON.parse(await readFile(join(captureFolder, `${transport}.json`), 'utf8')) as readonly Capture[]
}

export async function writeCaptures(transport: CaptureTransport, captures: readonly Capture[]): Promise<void> {
  await writeFile(join(captureFolder, `${transport}.json`), `${JSON.stringify(captures, undefined, 2)}\n`)
}
