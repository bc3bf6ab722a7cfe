// The project's own source files, for tests about the source itself. Kept in one place so that all of them look at the same set.

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import ts from 'typescript'

export const root = resolve(import.meta.dirname, '../..')
export const sourceRoots = ['shared', 'src-main', 'src-renderer', 'test'] as const

/** Paths relative to the root, with forward slashes. */
export function filesUnder(folder: string, matches: (path: string) => boolean): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.includes('/node_modules/') && matches(path))
    .sort()
}

export const isTypeScript = (path: string): boolean => /\.tsx?$/.test(path)

export function foldersUnder(folder: string): readonly string[] {
  const below = readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
  return [folder, ...below].filter((path) => !path.includes('node_modules') && filesUnder(path, () => true).length > 0).sort()
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

export function parse(path: string): ts.SourceFile {
  return ts.createSourceFile(path, read(path), ts.ScriptTarget.ES2023, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS)
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, (child) => { visit(child, see) })
}

export const placeOf = (file: ts.SourceFile, node: ts.Node): string => {
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file))
  return `${file.fileName}:${line + 1}`
}
