// What names mean: Protobuf looks from the innermost scope outwards for the first part of a name, as C++ does, and then holds on to what
// it found (DescriptorBuilder::LookupSymbolNoPlaceholder). A file sees itself, its imports, and what those import publicly.

import type { EnumProto, EnumValueProto, FieldProto, FileProto, MessageProto, ServiceProto } from './model.ts'

export type TypeSymbol = MessageProto | EnumProto
export type Named = TypeSymbol | ServiceProto | FieldProto | EnumValueProto

export type Lookup =
  | { readonly kind: 'found'; readonly symbol: Named }
  /** The first part of the name is something else in an inner scope. */
  | { readonly kind: 'shadowed'; readonly by: string }
  | { readonly kind: 'unknown' }

const isType = ({ kind }: Named): boolean => kind === 'message' || kind === 'enum'

export class Symbols {
  readonly #named = new Map<string, Named | Named[]>()
  readonly #packages = new Map<string, Set<FileProto>>()

  /** Every definition under that full name, in the order in which they were added. */
  all(fullName: string): readonly Named[] {
    const found = this.#named.get(fullName)
    return found === undefined ? [] : Array.isArray(found) ? found : [found]
  }

  add(symbol: Named): void {
    const before = this.#named.get(symbol.fullName)
    if (before === undefined) this.#named.set(symbol.fullName, symbol)
    else if (Array.isArray(before)) before.push(symbol)
    else this.#named.set(symbol.fullName, [before, symbol])
  }

  addPackage(file: FileProto): void {
    for (let name = file.package; name !== ''; name = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '') {
      const files = this.#packages.get(name)
      if (files === undefined) this.#packages.set(name, new Set([file]))
      else files.add(file)
    }
  }

  /** True where the name is a package of that file or of one that it sees. */
  isPackage(name: string, file: FileProto): boolean {
    const files = this.#packages.get(name)
    return files !== undefined && seen(file, files)
  }

  /** What a full name means in a file. */
  get(fullName: string, file: FileProto): Named | undefined {
    const found = this.#named.get(fullName)
    if (found === undefined) return undefined
    const visible = file.visible
    if (Array.isArray(found)) return found.find((one) => one.file === file) ?? found.find((one) => visible?.has(one.file) === true)
    return found.file === file || visible?.has(found.file) === true ? found : undefined
  }

  /** What a name means where it is written. `types`: anything that is no type is passed over. */
  lookup(name: string, scope: string, file: FileProto, types: boolean): Lookup {
    if (name.startsWith('.')) return answer(this.get(name.slice(1), file))
    const firstDot = name.indexOf('.')
    const first = firstDot < 0 ? name : name.slice(0, firstDot)
    for (let at = scope; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
      const candidate = `${at}.${first}`
      const symbol = this.get(candidate, file)
      if (firstDot < 0) {
        if (symbol !== undefined && (!types || isType(symbol))) return { kind: 'found', symbol }
      } else if (symbol === undefined ? this.isPackage(candidate, file) : isType(symbol) || symbol.kind === 'service') {
        const whole = this.get(`${at}.${name}`, file)
        return whole === undefined ? { kind: 'shadowed', by: `${at}.${name}` } : { kind: 'found', symbol: whole }
      }
    }
    return answer(this.get(name, file))
  }

  /** Full names of what a file sees and a filter takes, for suggestions. */
  *reachable(file: FileProto, accept: (symbol: Named) => boolean): Iterable<Named> {
    for (const found of this.#named.values()) {
      for (const one of Array.isArray(found) ? found : [found]) if ((one.file === file || file.visible?.has(one.file) === true) && accept(one)) yield one
    }
  }

  /** Every extension of a message, by number, in all files. */
  *extensions(): Iterable<FieldProto> {
    for (const found of this.#named.values()) for (const one of Array.isArray(found) ? found : [found]) if (one.kind === 'field') yield one
  }
}

const answer = (symbol: Named | undefined): Lookup => (symbol === undefined ? { kind: 'unknown' } : { kind: 'found', symbol })

function seen(file: FileProto, files: ReadonlySet<FileProto>): boolean {
  if (files.has(file)) return true
  for (const one of files) if (file.visible?.has(one) === true) return true
  return false
}

/** Sets what each file sees, once all imports are joined. */
export function setVisible(files: readonly FileProto[]): void {
  for (const file of files) {
    const visible = new Set<FileProto>([file])
    const todo = file.imports.map(({ target }) => target)
    for (let target = todo.pop(); todo.length > 0 || target !== undefined; target = todo.pop()) {
      if (target === undefined || visible.has(target)) continue
      visible.add(target)
      for (const one of target.imports) if (one.kind === 'public') todo.push(one.target)
    }
    file.visible = visible
  }
}
