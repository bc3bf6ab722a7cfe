// What each byte of a frame means, up to where the message begins; the message itself is its codec's to explain. Never throws:
// what cannot be read becomes a node of kind `unknown`, since broken frames are looked at most.

import { KiteError } from '../../../shared/base/error.ts'
import { shownText } from '../../../shared/logic/byte-node.ts'
import type { ByteNode } from '../../../shared/model/layout.ts'
import { decodeMeshHeader, meshFixedBytes, meshHeaderEnd } from './mesh-header.ts'
import { canSniff, sniff, sniffPayload } from './sniff.ts'
import type { FrameExplainer, TransportName } from './transport.ts'
import { decodeTtHeader, ttHeaderEnd, type TtHeaderVisitor } from './ttheader/decode.ts'
import { ttHeaderFixedBytes } from './ttheader/encode.ts'
import { infoId, intKeyName } from './ttheader/keys.ts'

/** Explains lengths, header and info pairs of a frame; `messageOffset` is where the codec goes on. */
export const explainFrame: FrameExplainer = (raw) => {
  if (!canSniff(raw, 0)) return { nodes: unknown(raw, 0), messageOffset: undefined, transport: undefined }
  switch (sniff(raw, 0)) {
    case 'ttheader':
      return explainTtHeaderFrame(raw)
    case 'mesh':
      return explainMesh(raw)
    case 'framed':
      return { nodes: [frameLength(raw, 0, 'frame length')], messageOffset: 4, transport: 'framed' }
    case 'unframed':
      return { nodes: [], messageOffset: 0, transport: 'buffered' }
    case 'unknown':
      return { nodes: unknown(raw, 0), messageOffset: undefined, transport: undefined }
  }
}

type Explained = ReturnType<FrameExplainer>

/** The nodes of a TTHeader alone, whatever its payload is; what cannot be read is a node of kind `unknown`. */
export function explainTtHeader(raw: Buffer): readonly ByteNode[] {
  return explainHead(raw).nodes
}

function explainTtHeaderFrame(raw: Buffer): Explained {
  const { nodes, end } = explainHead(raw)
  if (end === undefined) return { nodes, messageOffset: undefined, transport: undefined }
  return payload(raw, end, nodes, { unframed: 'ttheader', framed: 'ttheader-framed' })
}

/** `end` is where the payload begins; undefined where the header cannot be read. */
function explainHead(raw: Buffer): { readonly nodes: readonly ByteNode[]; readonly end: number | undefined } {
  const collector = new HeaderCollector()
  if (raw.length < ttHeaderFixedBytes) return { nodes: unknown(raw, 0), end: undefined }
  const end = ttHeaderEnd(raw, 0)
  try {
    decodeTtHeader(raw, collector)
  } catch (caught) {
    const broken = KiteError.from(caught)
    const rest = raw.subarray(0, Math.min(end, raw.length))
    return { nodes: [...collector.nodes(), ...unknown(rest, collector.end, broken.data.text.key)], end: undefined }
  }
  return { nodes: collector.nodes(), end }
}

function explainMesh(raw: Buffer): Explained {
  const end = meshHeaderEnd(raw, 0)
  const fixed: ByteNode[] = [
    { start: 0, end: 2, name: 'magic', kind: 'header', type: 'u16', value: '0xffaf' },
    { start: 2, end: 4, name: 'header size', kind: 'header', type: 'u16', value: String(end - meshFixedBytes) },
  ]
  try {
    const pairs = decodeMeshHeader(raw, Math.min(end, raw.length))
    const value = shownText(pairs.map(([key, item]) => `${key}=${item}`).join(', '))
    return payload(raw, end, [...fixed, { start: meshFixedBytes, end, name: 'mesh info', kind: 'info', value }], { unframed: 'buffered', framed: 'framed' })
  } catch {
    return { nodes: [...fixed, ...unknown(raw, meshFixedBytes)], messageOffset: undefined, transport: undefined }
  }
}

function payload(raw: Buffer, offset: number, nodes: readonly ByteNode[], names: { readonly unframed: TransportName; readonly framed: TransportName }): Explained {
  const framing = canSniff(raw, offset) ? sniffPayload(raw, offset) : 'unknown'
  if (framing === 'unknown') return { nodes: [...nodes, ...unknown(raw, offset)], messageOffset: undefined, transport: undefined }
  if (framing === 'unframed') return { nodes, messageOffset: offset, transport: names.unframed }
  return { nodes: [...nodes, frameLength(raw, offset, 'inner frame length')], messageOffset: offset + 4, transport: names.framed }
}

const frameLength = (raw: Buffer, offset: number, name: string): ByteNode => ({
  start: offset, end: offset + 4, name, kind: 'frame', type: 'u32', value: String(raw.readUInt32BE(offset)),
})

function unknown(raw: Buffer, start: number, reason?: string): ByteNode[] {
  if (start >= raw.length) return []
  return [{ start, end: raw.length, name: 'not understood', kind: 'unknown', value: reason ?? raw.toString('hex', start, Math.min(raw.length, start + 16)) }]
}

interface Section {
  readonly node: Omit<ByteNode, 'end' | 'children'>
  end: number
  readonly children: ByteNode[]
}

const sectionNames: Readonly<Record<number, string>> = { [infoId.strings]: 'string info', [infoId.ints]: 'integer info', [infoId.aclToken]: 'ACL token' }

/** Turns the header reader's walk into nodes: fixed fields and info sections beneath one header node. */
class HeaderCollector implements TtHeaderVisitor {
  readonly #frame: ByteNode[] = []
  readonly #header: (ByteNode | Section)[] = []
  /** Where the walk has come to. */
  end = 0

  fixed(name: string, start: number, end: number, value: string, type: string): void {
    const node: ByteNode = { start, end, name, kind: start === 0 ? 'frame' : 'header', type, value: shownText(value) }
    ;(start === 0 ? this.#frame : this.#header).push(node)
    this.end = end
  }

  section(id: number, start: number, end: number): void {
    this.#header.push({ node: { start, name: sectionNames[id] ?? 'info', kind: 'info', id }, end, children: [] })
    this.end = end
  }

  pair(key: string | number, value: string, start: number, _valueStart: number, end: number): void {
    const section = this.#header.at(-1)
    if (section === undefined || !('node' in section)) return
    const name = typeof key === 'number' ? (intKeyName(key) ?? String(key)) : key
    section.children.push({ start, end, name, kind: 'info', type: 'string', value: shownText(value), ...(typeof key === 'number' ? { id: key } : {}) })
    section.end = end
    this.end = end
  }

  padding(start: number, end: number): void {
    this.#header.push({ start, end, name: 'padding', kind: 'padding' })
    this.end = end
  }

  nodes(): readonly ByteNode[] {
    if (this.#header.length === 0) return this.#frame
    const children = this.#header.map((part): ByteNode => ('node' in part ? { ...part.node, end: part.end, children: part.children } : part))
    return [...this.#frame, { start: 4, end: this.end, name: 'header', kind: 'header', children }]
  }
}
