// The syntax of one Thrift file as written. Places are offsets into the text; nothing here is resolved, checked or decoded
// further than syntax demands, so the parser stays fast and the linker decides what things mean.

import type { Requiredness } from '../../../../shared/model/idl.ts'
import type { Name, Range } from '../text/range.ts'

export type { Name, Range }

export interface AnnotationNode extends Range {
  readonly name: string
  readonly value: string
}

/** `name` is `list`, `set` or `map` where `args` are given, otherwise a base type or a reference. */
export interface TypeNode extends Range {
  readonly name: string
  readonly args: readonly TypeNode[]
  readonly annotations: readonly AnnotationNode[]
}

export type ConstNode =
  | (Range & { readonly kind: 'int' | 'double' | 'name' | 'literal'; readonly text: string })
  | (Range & { readonly kind: 'list'; readonly items: readonly ConstNode[] })
  | (Range & { readonly kind: 'map'; readonly entries: readonly (readonly [ConstNode, ConstNode])[] })

/** Comments that belong to a node: those on the lines above it, else those after it on its line. Start -1: none. */
export type DocRange = Range

export interface FieldNode extends Range {
  /** As written, undefined where omitted. */
  readonly id: string | undefined
  readonly requiredness: Requiredness
  /** The name of the type as written where thriftgo would split it, such as `requiredFoo`. */
  readonly glued: string | undefined
  readonly type: TypeNode
  readonly name: Name
  readonly value: ConstNode | undefined
  readonly annotations: readonly AnnotationNode[]
  readonly doc: DocRange
}

export interface FunctionNode extends Range {
  readonly oneway: boolean
  /** `void` is a type of that name. */
  readonly returns: TypeNode
  readonly name: Name
  readonly args: readonly FieldNode[]
  readonly throws: readonly FieldNode[]
  readonly annotations: readonly AnnotationNode[]
  readonly doc: DocRange
}

export interface EnumValueNode extends Range {
  readonly name: Name
  readonly value: string | undefined
  readonly valueRange: Range
  readonly doc: DocRange
}

interface DefinitionBase extends Range {
  readonly name: Name
  readonly annotations: readonly AnnotationNode[]
  readonly doc: DocRange
}
export type ConstDefinition = DefinitionBase & { readonly kind: 'const'; readonly type: TypeNode; readonly value: ConstNode }
export type TypedefDefinition = DefinitionBase & { readonly kind: 'typedef'; readonly type: TypeNode }
export type EnumDefinition = DefinitionBase & { readonly kind: 'enum'; readonly values: readonly EnumValueNode[] }
export type StructDefinition = DefinitionBase & { readonly kind: 'struct' | 'union' | 'exception'; readonly fields: readonly FieldNode[] }
export type ServiceDefinition = DefinitionBase & { readonly kind: 'service'; readonly extends: Name | undefined; readonly functions: readonly FunctionNode[] }
export type Definition = ConstDefinition | TypedefDefinition | EnumDefinition | StructDefinition | ServiceDefinition

export interface IncludeNode extends Range {
  readonly path: string
}
export interface NamespaceNode extends Range {
  readonly scope: string
  readonly name: string
}

export interface ThriftDocument {
  readonly includes: readonly IncludeNode[]
  readonly namespaces: readonly NamespaceNode[]
  readonly definitions: readonly Definition[]
}
