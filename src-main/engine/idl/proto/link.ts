// Meaning over all files together: names, types, options, features, then what Protobuf forbids. Nothing here stops at the first error, and
// nothing reads a file. Files that came as descriptors take part, but nothing is said about them: whoever made them has checked them.

import type { TextParams } from '../../../../shared/base/error.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'
import type { DiagnosticCode, Findings } from '../diagnostics.ts'
import { SourceFile } from '../source-file.ts'
import type { Range } from './ast.ts'
import { checkFile } from './check.ts'
import { decodeOptions, type KnownTypes } from './decode-options.ts'
import { defaultsOf } from './defaults.ts'
import { resolveFeatures } from './features.ts'
import { extensionsOf, messagesOf, enumsOf, isScalar, scalarTypes, scopeOf, type AnyEntity, type FieldProto, type FileProto, type MessageProto, type MessageValue, type MethodProto, type RawOptions } from './model.ts'
import { OptionReader } from './read-options.ts'
import { setVisible, Symbols, type Lookup, type Named } from './symbols.ts'

const maxCandidates = 20_000
const descriptorFile = 'google.protobuf.'

/** Links files whose imports are joined; `optionTypes` is google/protobuf/descriptor.proto, which need not be among them. */
export function linkProto(files: readonly FileProto[], optionTypes: FileProto, findings: Findings): void {
  new Linker(files, optionTypes, findings).link()
}

class Linker {
  readonly #files: readonly FileProto[]
  readonly #findings: Findings
  readonly #symbols = new Symbols()
  readonly #options: OptionReader
  readonly #optionTypes = new Map<string, MessageProto>()
  /** Files without text, as findings know them. */
  readonly #places = new Map<FileProto, SourceFile>()
  readonly #extensions = new Map<MessageProto, Map<number, FieldProto>>()

  constructor(files: readonly FileProto[], optionTypes: FileProto, findings: Findings) {
    this.#files = files.includes(optionTypes) ? files : [...files, optionTypes]
    this.#findings = findings
    this.#options = new OptionReader(this.#symbols, findings)
    for (const one of optionTypes.messages) this.#optionTypes.set(one.fullName, one)
  }

  link(): void {
    setVisible(this.#files)
    for (const file of this.#files) this.#declare(file)
    for (const file of this.#files) this.#resolveFile(file)
    for (const file of this.#files) for (const one of extensionsOf(file)) this.#addExtension(one)
    for (const file of this.#files) this.#readOptions(file)
    for (const file of this.#files) resolveFeatures(file)
    for (const file of this.#files) {
      if (file.source !== undefined) checkFile(file, file.source, this.#symbols, this.#findings)
    }
  }

  #declare(file: FileProto): void {
    this.#symbols.addPackage(file)
    for (const message of messagesOf(file)) this.#symbols.add(message)
    for (const one of enumsOf(file)) {
      this.#symbols.add(one)
      for (const value of one.values) this.#symbols.add(value)
    }
    for (const one of extensionsOf(file)) this.#symbols.add(one)
    for (const service of file.services) this.#symbols.add(service)
  }

  #resolveFile(file: FileProto): void {
    for (const message of messagesOf(file)) for (const field of message.fields) this.#resolveField(field)
    for (const field of extensionsOf(file)) {
      this.#resolveField(field)
      if (isScalar(field.extendeeName)) {
        this.#report(file, extendeeRange(field), 'not-a-message', { name: field.extendeeName, kind: 'scalar' })
        continue
      }
      const found = this.#type(field.extendeeName, scopeOf(field.parent), file, extendeeRange(field))
      if (found?.kind === 'message') field.extendee = found
      else if (found !== undefined) this.#report(file, extendeeRange(field), 'not-a-message', { name: field.extendeeName, kind: found.kind })
    }
    for (const service of file.services) {
      for (const method of service.methods) {
        method.input = this.#message(method, method.inputName, method.node?.input)
        method.output = this.#message(method, method.outputName, method.node?.output)
      }
    }
  }

  // The entry that stands for a map is nobody's type but that map's: named by others, or by itself in a damaged set, it would lead in circles.
  #refuseEntry({ typeName, file, node }: FieldProto): void {
    if (file.source === undefined) this.#findings.add(this.#placeOf(file), { code: 'unknown-type', start: 0, params: { name: typeName } })
    else this.#report(file, node?.type, 'unknown-type', { name: typeName })
  }

  #message(method: MethodProto, name: string, range: Range | undefined): MessageProto | undefined {
    const scope = method.fullName.slice(0, method.fullName.lastIndexOf('.'))
    if (isScalar(name)) return this.#report(method.file, range, 'not-a-message', { name, kind: 'scalar' })
    const found = this.#type(name, scope, method.file, range)
    if (found?.kind === 'message') return found
    if (found !== undefined) this.#report(method.file, range, 'not-a-message', { name, kind: found.kind })
    return undefined
  }

  #resolveField(field: FieldProto): void {
    if (field.ref !== undefined || isScalar(field.typeName)) return
    const scope = field.parent.kind === 'message' && field.parent.mapEntry ? scopeOf(field.parent.parent) : scopeOf(field.parent)
    const found = this.#type(field.typeName, scope, field.file, field.node?.type)
    // Fields of a text that are maps have their entry already.
    if (found?.kind === 'message' && found.mapEntry && (field.file.source !== undefined || found.parent !== field.parent || field.label !== 'repeated')) return this.#refuseEntry(field)
    field.ref = found
    if (found !== undefined) field.type = found.kind === 'enum' ? 'enum' : field.type === 'group' ? 'group' : 'message'
  }

  #type(name: string, scope: string, file: FileProto, range: Range | undefined): FieldProto['ref'] {
    const found = this.#symbols.lookup(name, scope, file, true)
    if (found.kind === 'found' && (found.symbol.kind === 'message' || found.symbol.kind === 'enum')) {
      markUsed(file, found.symbol.file)
      return found.symbol
    }
    this.#reportUnknown(name, file, range, found)
    return undefined
  }

  #reportUnknown(name: string, file: FileProto, range: Range | undefined, found: Lookup): void {
    // What may stand in a file that could not be read: one error for the import is enough.
    if (file.imports.some(({ target }) => target === undefined)) return
    // A damaged descriptor has no place to show, but must not pass for a whole one.
    if (file.source === undefined) return this.#findings.add(this.#placeOf(file), { code: 'unknown-type', start: 0, params: { name } })
    if (range === undefined || this.#isFull(file)) return
    if (found.kind === 'shadowed') return this.#report(file, range, 'name-shadowed', { name, by: found.by }, { key: 'idl.hint.leadingDot', params: { name: `.${name}` } })
    if (found.kind === 'found') return this.#report(file, range, 'not-a-type', { name, kind: found.symbol.kind })
    const bare = name.startsWith('.') ? name.slice(1) : name
    const elsewhere = this.#elsewhere(bare, file)
    if (elsewhere !== undefined && file.visible?.has(elsewhere.file) !== true) return this.#report(file, range, 'not-imported', { name: elsewhere.fullName, path: elsewhere.file.path })
    const near = elsewhere === undefined ? this.#nearest(bare, file) : `${name.startsWith('.') ? '.' : ''}${elsewhere.fullName}`
    this.#report(file, range, 'unknown-type', { name }, near === undefined ? undefined : { key: 'idl.hint.didYouMean', params: { name: near } })
  }

  #placeOf(file: FileProto): SourceFile {
    const known = this.#places.get(file)
    if (known !== undefined) return known
    const place = new SourceFile(file.path, '')
    this.#places.set(file, place)
    return place
  }

  // Under its full name or within the package of the file.
  #elsewhere(name: string, file: FileProto): Named | undefined {
    for (let scope = file.package; ; scope = scope.includes('.') ? scope.slice(0, scope.lastIndexOf('.')) : '') {
      const [first] = this.#symbols.all(scope === '' ? name : `${scope}.${name}`)
      if (first !== undefined && (first.kind === 'message' || first.kind === 'enum')) return first
      if (scope === '') return undefined
    }
  }

  #nearest(name: string, file: FileProto): string | undefined {
    const candidates = name.includes('.') ? [] : [...scalarTypes]
    for (const { fullName, file: owner } of this.#symbols.reachable(file, ({ kind }) => kind === 'message' || kind === 'enum')) {
      if (candidates.length >= maxCandidates) break
      const local = owner.package === file.package && file.package !== '' ? fullName.slice(file.package.length + 1) : fullName
      // The right name without its package is the commonest slip of all.
      if (local.endsWith(`.${name}`)) return local
      candidates.push(local)
      if (local !== fullName && name.includes('.')) candidates.push(fullName)
    }
    return nearest(name, candidates)
  }

  #addExtension(field: FieldProto): void {
    if (field.extendee === undefined) return
    const known = this.#extensions.get(field.extendee)
    if (known === undefined) this.#extensions.set(field.extendee, new Map([[field.number, field]]))
    else {
      const other = known.get(field.number)
      if (other === undefined) known.set(field.number, field)
      else if (field.file.visible?.has(other.file) === true) {
        this.#report(field.file, field.node?.number, 'duplicate-extension', { number: field.number, name: field.name, other: other.fullName, owner: field.extendee.fullName })
      }
    }
  }

  #readOptions(file: FileProto): void {
    file.options = this.#optionsOf(file.raw, 'FileOptions', file, file.package)
    for (const message of messagesOf(file)) this.#readMessageOptions(message)
    for (const one of enumsOf(file)) {
      this.#set(one, 'EnumOptions', one.fullName)
      for (const value of one.values) this.#set(value, 'EnumValueOptions', scopeOf(one.parent))
    }
    for (const one of extensionsOf(file)) this.#setField(one)
    for (const service of file.services) {
      this.#set(service, 'ServiceOptions', service.fullName)
      for (const method of service.methods) this.#set(method, 'MethodOptions', service.fullName)
    }
  }

  #readMessageOptions(message: MessageProto): void {
    this.#set(message, 'MessageOptions', message.fullName)
    for (const field of message.fields) this.#setField(field)
    for (const one of message.oneofs) this.#set(one, 'OneofOptions', message.fullName)
    for (const range of message.extensionRanges) range.options = this.#optionsOf(range.raw, 'ExtensionRangeOptions', message.file, message.fullName)
  }

  #setField(field: FieldProto): void {
    this.#set(field, 'FieldOptions', scopeOf(field.parent))
    defaultsOf(field, (range, code, params, suggestion) => this.#report(field.file, range, code, params, suggestion))
  }

  #set(entity: AnyEntity, type: string, scope: string): void {
    if (entity.raw.length > 0) entity.options = this.#optionsOf(entity.raw, type, entity.file, scope)
  }

  #optionsOf(raw: RawOptions, name: string, file: FileProto, scope: string): MessageValue | undefined {
    if (raw.length === 0) return undefined
    const type = this.#optionTypes.get(descriptorFile + name)
    if (!(raw instanceof Uint8Array)) return this.#options.read(raw, type, { file, scope })
    return type === undefined ? undefined : decodeOptions(raw, type, this.#known)
  }

  readonly #known: KnownTypes = {
    extension: (extendee, number) => this.#extensions.get(extendee)?.get(number),
    message: (fullName) => this.#symbols.all(fullName).find((one): one is MessageProto => one.kind === 'message'),
  }

  #isFull = (file: FileProto): boolean => file.source === undefined || this.#findings.isFull(file.source)

  #report(file: FileProto, range: Range | undefined, code: DiagnosticCode, params: TextParams, suggestion?: { key: string; params?: TextParams }): undefined {
    if (file.source === undefined || range === undefined) return
    this.#findings.add(file.source, { code, start: range.start, end: range.end, params, ...(suggestion === undefined ? {} : { suggestion }) })
  }
}

// Groups have their own place in the source; other fields that extend are told at the name of the message.
const extendeeRange = (field: FieldProto): Range | undefined => field.node?.name

/** The import by which a file sees another is of use. */
function markUsed(file: FileProto, used: FileProto): void {
  if (file === used) return
  for (const one of file.imports) if (!one.used && (one.target === used || one.target?.visible?.has(used) === true)) one.used = true
}
