// From the syntax of one file to its descriptors: full names, numbers, map entries, oneofs of proto3 optional fields. What names mean and
// whether all this is allowed is for the linker.

import { docText } from '../docs.ts'
import type { SourceFile } from '../source-file.ts'
import type { EnumNode, ExtendNode, FieldNode, MessageNode, NumberRange, OptionNode, ProtoDocument, Range, ReservedNode, ServiceNode } from './ast.ts'
import { readInteger, smallNumber } from './literals.ts'
import { isScalar, jsonNameOf, mapEntryName, scopeOf, within, type EnumProto, type FieldProto, type FileProto, type MessageProto, type OneofProto, type RangeProto, type ServiceProto } from './model.ts'

const noOptions: readonly OptionNode[] = []
/** One past the largest number of a field. */
export const endOfFields = 536_870_912

/** The same in a message set, whose types are named by any positive number. */
export const endOfMessageSets = 2_147_483_647

/** Descriptors of a parsed file. */
export function buildFile(source: SourceFile, document: ProtoDocument): FileProto {
  return new Builder(source).file(document)
}

/** A number as written, for a place that holds any 32-bit one; -0 and what is too large are told by the linker. */
export function numberOf(text: string): number {
  return smallNumber(text) ?? Number(readInteger(text) ?? 0)
}

class Builder {
  readonly #source: SourceFile

  constructor(source: SourceFile) {
    this.#source = source
  }

  file(document: ProtoDocument): FileProto {
    const { syntax } = document
    const file: FileProto = {
      kind: 'file', path: this.#source.path, source: this.#source, package: document.package?.text ?? '',
      syntax: syntax === undefined ? 'proto2' : syntax.edition ? 'editions' : syntax.text === 'proto3' ? 'proto3' : 'proto2',
      edition: syntax?.edition === true ? syntax.text : '',
      imports: document.imports.map((node) => ({ path: node.path, kind: node.kind, target: undefined, used: false, node })),
      messages: [], enums: [], extensions: [], services: [], raw: document.options, options: undefined, features: undefined, visible: undefined,
    }
    for (const node of document.messages) file.messages.push(this.#message(file, file, node))
    for (const node of document.enums) file.enums.push(this.#enum(file, file, node))
    for (const node of document.extends) this.#extend(file, file, node)
    for (const node of document.services) file.services.push(this.#service(file, node))
    return file
  }

  #message(file: FileProto, parent: MessageProto | FileProto, node: MessageNode): MessageProto {
    const message = emptyMessage(this.#entity(file, scopeOf(parent), node, node.options, node.doc), parent, node)
    for (const one of node.oneofs) message.oneofs.push({ kind: 'oneof', ...this.#entity(file, message.fullName, one, one.options, undefined), parent: message, node: one })
    for (const one of node.messages) message.messages.push(this.#message(file, message, one))
    for (const one of node.enums) message.enums.push(this.#enum(file, message, one))
    for (const one of node.fields) message.fields.push(this.#field(file, message, one, undefined))
    for (const one of node.extends) this.#extend(file, message, one)
    const end = isMessageSet(node) ? endOfMessageSets : endOfFields
    for (const one of node.extensions) for (const range of one.ranges) message.extensionRanges.push({ ...bounds(range, end), raw: one.options, options: undefined })
    readReserved(node.reserved, (range) => message.reserved.push(bounds(range, endOfFields)), message.reservedNames)
    return message
  }

  #field(file: FileProto, parent: MessageProto | FileProto, node: FieldNode, extendee: string | undefined): FieldProto {
    const isExtension = extendee !== undefined
    const name = node.group === undefined ? node.name.text : node.name.text.toLowerCase()
    const entry = node.mapKey !== undefined && parent.kind === 'message' ? this.#mapEntry(file, parent, node, node.mapKey) : undefined
    const group = node.group === undefined ? undefined : parent.messages.find((one) => one.node === node.group)
    const proto3Optional = node.label === 'optional' && file.syntax === 'proto3'
    // Written out, since files have more fields than all else: copying an object into another takes several times as long.
    return {
      kind: 'field', name, fullName: within(scopeOf(parent), name), file, raw: node.options, options: undefined, features: undefined,
      at: this.#source.place(node.start), doc: node.doc.start < 0 ? undefined : docText(this.#source.text, node.doc),
      number: node.number === undefined ? 0 : numberOf(node.number.text),
      label: entry === undefined ? (node.label ?? 'optional') : 'repeated',
      type: entry !== undefined ? 'message' : group !== undefined ? 'group' : isScalar(node.type.text) ? node.type.text : undefined,
      ref: entry ?? group,
      typeName: node.type.text,
      jsonName: jsonNameOf(name),
      oneof: node.oneof !== undefined && parent.kind === 'message' ? parent.oneofs[node.oneof] : undefined,
      proto3Optional, parent, isExtension, extendeeName: extendee ?? '', extendee: undefined, defaultValue: undefined, defaultText: undefined, node,
    }
  }

  #mapEntry(file: FileProto, parent: MessageProto, node: FieldNode, key: FieldNode['type']): MessageProto {
    const name = { text: mapEntryName(node.name.text), start: node.name.start, end: node.name.end }
    const entry = { ...emptyMessage(this.#entity(file, parent.fullName, { ...node, name }, noOptions, undefined), parent, undefined), mapEntry: true }
    const member = (text: string, number: string, type: FieldNode['type']): FieldNode => ({
      ...node, label: 'optional', type, mapKey: undefined, name: { ...name, text }, number: { ...name, text: number }, options: noOptions, oneof: undefined, group: undefined, doc: { start: -1, end: -1 },
    })
    for (const one of [member('key', '1', key), member('value', '2', node.type)]) {
      const field = this.#field(file, entry, one, undefined)
      entry.fields.push({ ...field, proto3Optional: false })
    }
    parent.messages.push(entry)
    return entry
  }

  #extend(file: FileProto, parent: MessageProto | FileProto, node: ExtendNode): void {
    for (const one of node.fields) parent.extensions.push(this.#field(file, parent, one, node.extendee.text))
  }

  #enum(file: FileProto, parent: MessageProto | FileProto, node: EnumNode): EnumProto {
    const scope = scopeOf(parent)
    const one: EnumProto = { kind: 'enum', ...this.#entity(file, scope, node, node.options, node.doc), parent, values: [], reserved: [], reservedNames: [], visibility: node.visibility, node }
    // Values are siblings of their enum, as in C++.
    for (const value of node.values) one.values.push({ kind: 'value', ...this.#entity(file, scope, value, value.options, value.doc), number: numberOf(value.number.text), node: value })
    readReserved(node.reserved, ({ from, to, max }) => one.reserved.push({ from: numberOf(from), to: max ? 2_147_483_647 : numberOf(to ?? from) }), one.reservedNames)
    return one
  }

  #service(file: FileProto, node: ServiceNode): ServiceProto {
    const service: ServiceProto = { kind: 'service', ...this.#entity(file, file.package, node, node.options, node.doc), methods: [], node }
    for (const one of node.methods) {
      service.methods.push({
        kind: 'method', ...this.#entity(file, service.fullName, one, one.options, one.doc), inputName: one.input.text, outputName: one.output.text,
        input: undefined, output: undefined, clientStreaming: one.clientStreaming, serverStreaming: one.serverStreaming, node: one,
      })
    }
    return service
  }

  #entity(file: FileProto, scope: string, node: Range & { readonly name: { readonly text: string } }, raw: readonly OptionNode[], doc: Range | undefined): Parts {
    const name = node.name.text
    return {
      name, fullName: within(scope, name), file, raw, options: undefined, features: undefined, at: this.#source.place(node.start),
      doc: doc === undefined ? undefined : docText(this.#source.text, doc),
    }
  }
}

type Parts = Pick<OneofProto, 'name' | 'fullName' | 'file' | 'raw' | 'options' | 'features' | 'at' | 'doc'>

/** A message without members. */
export const emptyMessage = (parts: Parts, parent: MessageProto | FileProto, node: MessageNode | undefined): MessageProto => ({
  kind: 'message', ...parts, parent, fields: [], oneofs: [], messages: [], enums: [], extensions: [], extensionRanges: [], reserved: [], reservedNames: [],
  mapEntry: false, visibility: node?.visibility, node,
})

// Asked before options mean anything: `max` depends on it.
const isMessageSet = ({ options }: MessageNode): boolean =>
  options.some(({ parts: [first, ...others], value }) => first?.text === 'message_set_wire_format' && others.length === 0 && value.kind === 'name' && value.text === 'true')

const bounds = ({ from, to, max }: NumberRange, end: number): Omit<RangeProto, 'raw' | 'options'> => ({ from: numberOf(from), to: max ? end : numberOf(to ?? from) + 1 })

function readReserved(nodes: readonly ReservedNode[], range: (range: NumberRange) => void, names: string[]): void {
  for (const node of nodes) {
    for (const one of node.ranges) range(one)
    for (const { text } of node.names) names.push(text)
  }
}
