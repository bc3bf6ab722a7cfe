// The byte view's arithmetic: nodes as flat rows, which node stands at an offset, bytes as lines of sixteen. Pure; the view only paints.

import type { ByteNode } from '../../../shared/model/layout.ts'

export interface ByteRow {
  readonly id: string
  readonly level: number
  readonly node: ByteNode
  readonly open: boolean | undefined
}

/** Rows of the tree, in byte order, children of closed nodes left out. */
export function byteRows(nodes: readonly ByteNode[], closed: ReadonlySet<string>): readonly ByteRow[] {
  const rows: ByteRow[] = []
  const visit = (list: readonly ByteNode[], level: number, prefix: string): void => {
    for (const [index, node] of list.entries()) {
      const id = `${prefix}${index}`
      const children = node.children ?? []
      const open = children.length === 0 ? undefined : !closed.has(id)
      rows.push({ id, level, node, open })
      if (open === true) visit(children, level + 1, `${id}.`)
    }
  }
  visit(nodes, 1, '')
  return rows
}

/** Ids from the outermost node to the innermost that holds the offset. */
export function pathToByte(nodes: readonly ByteNode[], offset: number): readonly string[] {
  const path: string[] = []
  let list = nodes
  for (;;) {
    const index = list.findIndex(({ start, end }) => offset >= start && offset < end)
    const node = list[index]
    if (node === undefined) return path
    path.push(path.length === 0 ? String(index) : `${path.at(-1) ?? ''}.${index}`)
    list = node.children ?? []
  }
}

/** Sixteen where they fit with their characters, else eight. */
export const bytesPerLine = (width: number): number => (width >= 530 ? 16 : 8)

/** Bytes of base64 text. */
export function decodeBase64(text: string): Uint8Array {
  const binary = atob(text)
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0')
export const hexOffset = (offset: number): string => offset.toString(16).padStart(4, '0')
/** The character of a byte, a dot where it has none to show. */
export const byteCharacter = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')
