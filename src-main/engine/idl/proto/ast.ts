// The syntax of one .proto file as written. Places are offsets into the text; nothing is resolved, decoded or checked further than syntax
// demands, so that the parser stays fast and the linker decides what things mean.

import { noRange, type Name, type Range } from '../text/range.ts'

export type { Name, Range }

/** A value of an option. `text` of a number has no sign; raw literals keep their quotes. */
export type ValueNode =
  | (Range & { readonly kind: 'name' | 'int' | 'float'; readonly text: string; readonly negative: boolean })
  | (Range & { readonly kind: 'string'; readonly literals: readonly string[] })
  | (Range & { readonly kind: 'list'; readonly items: readonly ValueNode[] })
  | (Range & { readonly kind: 'message'; readonly entries: readonly EntryNode[] })

export interface EntryNode {
  /** `extension`: a full name in brackets, or `host/full.name` of an Any. */
  readonly name: Name & { readonly extension: boolean }
  readonly value: ValueNode
}

export interface OptionNode extends Range {
  /** `a.(b.c).d` has three parts. */
  readonly parts: readonly (Name & { readonly extension: boolean })[]
  readonly value: ValueNode
}

export type Label = 'optional' | 'required' | 'repeated' | undefined

export interface FieldNode extends Range {
  readonly label: Label
  readonly labelEnd: number
  /** The type of values where it is a map. */
  readonly type: Name
  readonly mapKey: Name | undefined
  readonly name: Name
  /** As written; undefined where it is missing. */
  readonly number: Name | undefined
  readonly options: readonly OptionNode[]
  /** Index among the oneofs of the message. */
  readonly oneof: number | undefined
  readonly group: MessageNode | undefined
  doc: Range
}

export interface OneofNode extends Range {
  readonly name: Name
  readonly options: readonly OptionNode[]
}

/** `max` ends have no number. */
export interface NumberRange extends Range {
  readonly from: string
  readonly to: string | undefined
  readonly max: boolean
}

export interface ReservedNode {
  readonly ranges: readonly NumberRange[]
  readonly names: readonly (Name & { readonly quoted: boolean })[]
}

export interface ExtensionsNode extends Range {
  readonly ranges: readonly NumberRange[]
  readonly options: readonly OptionNode[]
}

export interface ExtendNode extends Range {
  readonly extendee: Name
  readonly fields: readonly FieldNode[]
}

export type Visibility = 'export' | 'local' | undefined

export interface MessageNode extends Range {
  readonly name: Name
  readonly visibility: Visibility
  readonly fields: FieldNode[]
  readonly oneofs: OneofNode[]
  readonly messages: MessageNode[]
  readonly enums: EnumNode[]
  readonly extends: ExtendNode[]
  readonly extensions: ExtensionsNode[]
  readonly reserved: ReservedNode[]
  readonly options: OptionNode[]
  doc: Range
}

export interface EnumValueNode extends Range {
  readonly name: Name
  readonly number: Name
  readonly options: readonly OptionNode[]
  doc: Range
}

export interface EnumNode extends Range {
  /** Nothing in it was broken. */
  readonly sound: boolean
  readonly name: Name
  readonly visibility: Visibility
  readonly values: EnumValueNode[]
  readonly reserved: ReservedNode[]
  readonly options: OptionNode[]
  doc: Range
}

export interface MethodNode extends Range {
  readonly name: Name
  readonly input: Name
  readonly output: Name
  readonly clientStreaming: boolean
  readonly serverStreaming: boolean
  readonly options: readonly OptionNode[]
  doc: Range
}

export interface ServiceNode extends Range {
  readonly name: Name
  readonly methods: MethodNode[]
  readonly options: OptionNode[]
  doc: Range
}

export type ImportKind = 'plain' | 'public' | 'weak' | 'option'

export interface ImportNode extends Range {
  readonly path: string
  readonly kind: ImportKind
}

export interface ProtoDocument {
  /** The first statement, where there is one. */
  syntax: (Name & { readonly edition: boolean }) | undefined
  package: Name | undefined
  readonly imports: ImportNode[]
  readonly options: OptionNode[]
  readonly messages: MessageNode[]
  readonly enums: EnumNode[]
  readonly extends: ExtendNode[]
  readonly services: ServiceNode[]
}

/** An empty message node, for a message or the body of a group. */
export const messageNode = (name: Name, start: number, visibility: Visibility): MessageNode & { end: number } => ({
  name, visibility, fields: [], oneofs: [], messages: [], enums: [], extends: [], extensions: [], reserved: [], options: [], doc: noRange, start, end: start,
})
