// Services: their methods, what kind each is (streaming.mode as thriftgo's generator/golang/streaming reads it), and what they
// inherit. An inherited method keeps the name of the service that declares it.

import type { Findings } from '../diagnostics.ts'
import type { MethodDescriptor, MethodKind, ServiceDescriptor } from '../../../../shared/model/idl.ts'
import { nearest } from '../../../../shared/logic/nearest.ts'
import type { FunctionNode, ServiceDefinition } from './ast.ts'
import { docText } from '../docs.ts'
import { annotationsOf, type FieldDraft, type FieldLinker } from './link-fields.ts'
import { suggest, type TypeResolver } from './resolve-type.ts'
import type { FileScope, Symbol } from './scope.ts'

/** Longer chains of extends are refused: every service repeats all methods of those above it. */
const maxExtends = 64
const streamingModes: Readonly<Record<string, MethodKind>> = { bidirectional: 'bidi', client: 'client', server: 'server', unary: 'unary' }

/** A method whose defaults may still be missing, with the syntax it came from. */
export interface LinkedMethod {
  readonly descriptor: MethodDescriptor & { readonly args: readonly FieldDraft[]; readonly throws: readonly FieldDraft[] }
  readonly node: FunctionNode
}

export interface LinkedService {
  readonly scope: FileScope
  readonly node: ServiceDefinition
  readonly own: readonly LinkedMethod[]
}

export interface ServiceTools {
  readonly findings: Findings
  readonly types: TypeResolver
  readonly fields: FieldLinker
}

/** A service's own methods. */
export function linkService(scope: FileScope, node: ServiceDefinition, tools: ServiceTools): LinkedService {
  const names = new Map<string, FunctionNode>()
  const own = node.functions.map((one) => {
    const { text, start, end } = one.name
    const other = names.get(text)
    if (other === undefined) names.set(text, one)
    else tools.findings.add(scope.source, { code: 'duplicate-method', start, end, params: { name: text, owner: node.name.text, line: scope.source.place(other.name.start).line } })
    return { node: one, descriptor: linkMethod(scope, node.name.text, one, tools) }
  })
  return { scope, node, own }
}

function linkMethod(scope: FileScope, service: string, node: FunctionNode, tools: ServiceTools): LinkedMethod['descriptor'] {
  const { source } = scope
  const name = node.name.text
  const owner = `${service}.${name}`
  const returns = tools.types.resolveReturn(scope, node.returns)
  const args = tools.fields.link(scope, node.args, 'args', owner)
  const throws = tools.fields.link(scope, node.throws, 'throws', owner)
  const range = { start: node.name.start, end: node.name.end }
  if (node.oneway && returns.kind !== 'void') tools.findings.add(source, { code: 'oneway-returns', start: node.returns.start, end: node.returns.end, params: { name: owner } })
  if (node.oneway && throws.length > 0) tools.findings.add(source, { code: 'oneway-throws', ...range, params: { name: owner } })
  const annotations = annotationsOf(node.annotations)
  const kind = streamingKind(scope, node, owner, annotations['streaming.mode'], tools.findings) ?? (node.oneway ? 'oneway' : 'unary')
  const doc = docText(source.text, node.doc)
  return { name, declaredBy: service, kind, args, returns, throws, annotations, ...(doc === undefined ? {} : { doc }), at: source.place(node.start) }
}

function streamingKind(scope: FileScope, node: FunctionNode, name: string, modes: readonly string[] | undefined, findings: Findings): MethodKind | undefined {
  const mode = modes?.[0]
  if (modes === undefined || mode === undefined) return undefined
  const annotation = node.annotations.find((one) => one.name === 'streaming.mode') ?? node.name
  const kind = Object.hasOwn(streamingModes, mode) ? streamingModes[mode] : undefined
  if (kind === undefined || modes.length > 1) {
    const near = kind === undefined ? nearest(mode, Object.keys(streamingModes)) : undefined
    findings.add(scope.source, { code: 'streaming-mode', start: annotation.start, end: annotation.end, params: { mode: modes.join(', '), name, modes: Object.keys(streamingModes).join(', ') }, ...suggest(near) })
  }
  if (node.args.length !== 1) findings.add(scope.source, { code: 'streaming-arguments', start: node.name.start, end: node.name.end, params: { name, count: node.args.length } })
  return kind
}

/** All services with what they inherit, in the order given. */
export function inheritMethods(services: readonly LinkedService[], findings: Findings): readonly ServiceDescriptor[] {
  const byNode = new Map(services.map((service) => [service.node, service]))
  return services.map((service) => {
    const { scope, node } = service
    const doc = docText(scope.source.text, node.doc)
    return {
      name: node.name.text,
      language: 'thrift' as const,
      file: scope.path,
      ...(node.extends === undefined ? {} : { extends: node.extends.text }),
      methods: allMethods(service, byNode, findings),
      annotations: annotationsOf(node.annotations),
      ...(doc === undefined ? {} : { doc }),
      at: scope.source.place(node.start),
    }
  })
}

function allMethods(service: LinkedService, byNode: ReadonlyMap<ServiceDefinition, LinkedService>, findings: Findings): readonly MethodDescriptor[] {
  const methods = new Map<string, MethodDescriptor>()
  const chain = new Set<LinkedService>()
  for (let at: LinkedService | undefined = service; at !== undefined; at = baseOf(at, byNode, at === service ? findings : undefined)) {
    if (chain.has(at) || chain.size > maxExtends) {
      reportChain(service, [...chain], chain.has(at), findings)
      break
    }
    chain.add(at)
    // A method of its own hides an inherited one of that name.
    for (const { descriptor } of at.own) if (!methods.has(descriptor.name)) methods.set(descriptor.name, descriptor)
  }
  return [...methods.values()]
}

function reportChain({ scope, node }: LinkedService, chain: readonly LinkedService[], isCycle: boolean, findings: Findings): void {
  const { start, end } = node.extends ?? node.name
  const names = [...chain.slice(0, 20), ...chain.slice(0, 1)].map((one) => one.node.name.text)
  findings.add(scope.source, isCycle ? { code: 'extends-cycle', start, end, params: { chain: names.join(' → ') } } : { code: 'too-deep', start, end, params: { limit: maxExtends } })
}

// Findings are given once only, by the service that says `extends`, not by those further down.
function baseOf({ scope, node }: LinkedService, byNode: ReadonlyMap<ServiceDefinition, LinkedService>, findings: Findings | undefined): LinkedService | undefined {
  const base = node.extends
  if (base === undefined) return undefined
  const symbol: Symbol | undefined = scope.find(base.text, (definition) => definition.kind === 'service')
  if (symbol?.definition.kind === 'service') return byNode.get(symbol.definition)
  if (findings === undefined || scope.mayBeMissing(base.text)) return undefined
  const range = { start: base.start, end: base.end }
  const other = scope.find(base.text, () => true)
  if (other === undefined) findings.add(scope.source, { code: 'extends-unknown', ...range, params: { name: base.text }, ...suggest(nearest(base.text, scope.reachable((definition) => definition.kind === 'service'))) })
  else findings.add(scope.source, { code: 'extends-not-service', ...range, params: { name: base.text, kind: other.definition.kind } })
  return undefined
}
