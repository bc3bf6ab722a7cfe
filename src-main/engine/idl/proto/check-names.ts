// Names that are taken: messages, enums, their values, services, extensions and packages share scopes, as in C++.

import type { SourceFile } from '../source-file.ts'
import type { Range } from './ast.ts'
import { messagesOf, type FileProto, type MessageProto } from './model.ts'
import type { Report } from './report.ts'
import type { Named, Symbols } from './symbols.ts'

interface Owned {
  readonly name: string
  readonly kind: string
  readonly node: (Range & { readonly name: Range }) | undefined
}

/** Every scope of a file. */
export function checkNames(file: FileProto, symbols: Symbols, source: SourceFile, report: Report): void {
  const top: Owned[] = [...file.messages, ...file.enums.flatMap((one) => [one, ...one.values]), ...file.extensions, ...file.services]
  checkScope(top, file.package, source, report)
  for (const one of top) if (one.kind !== 'field') checkElsewhere(one, file, symbols, report)
  for (const message of messagesOf(file)) if (!message.mapEntry) checkScope(membersOf(message), message.fullName, source, report)
  for (const service of file.services) checkScope(service.methods, service.fullName, source, report)
}

const membersOf = (message: MessageProto): readonly Owned[] => [
  ...message.fields, ...message.oneofs, ...message.messages.map((one) => (one.mapEntry ? { name: one.name, kind: 'message', node: message.fields.find(({ ref }) => ref === one)?.node } : one)), ...message.enums.flatMap((one) => [one, ...one.values]), ...message.extensions,
]

function checkScope(members: readonly Owned[], scope: string, source: SourceFile, report: Report): void {
  const known = new Map<string, Owned>()
  for (const member of members) {
    const other = known.get(member.name)
    if (other === undefined) known.set(member.name, member)
    else if (other.node !== undefined && member.node !== undefined) {
      const params = { name: member.name, owner: scope === '' ? source.path : scope, line: source.place(other.node.start).line }
      report(member.node.name, member.kind === 'field' && other.kind === 'field' ? 'duplicate-field-name' : member.kind === 'method' ? 'duplicate-method' : 'duplicate-symbol', params)
    }
  }
}

// In another file that this one sees, or as a package.
function checkElsewhere(one: Owned & { readonly fullName?: string }, file: FileProto, symbols: Symbols, report: Report): void {
  const fullName = file.package === '' ? one.name : `${file.package}.${one.name}`
  if (symbols.isPackage(fullName, file)) return report(one.node?.name, 'name-is-package', { name: fullName })
  const other = symbols.all(fullName).find((found: Named) => found.file !== file && file.visible?.has(found.file) === true)
  if (other !== undefined) report(one.node?.name, 'symbol-elsewhere', { name: fullName, path: other.file.path })
}
