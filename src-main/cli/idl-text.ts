// IDL sets for eyes and pipes: one method a line, and an outline of a file. Words of Thrift and Protobuf are not translated.

import { stringifyExact } from '../../shared/logic/json/write.ts'
import type { IdlFile, ProtoFile, ProtoFileField, ThriftFile, IdlFileField, IdlSet, MethodDescriptor } from '../../shared/model/idl.ts'

/** Methods of all services, inherited ones included, in columns two blanks apart. */
export function methodRows(idl: IdlSet): string {
  const rows = idl.services.flatMap((service) => service.methods.map((method) => [`${service.name}/${method.name}`, method.kind, requestOf(method), method.returns.written]))
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`).join('')
}

/** The same for programs. */
export function methodsJson(idl: IdlSet): readonly object[] {
  return idl.services.flatMap((service) =>
    service.methods.map((method) => ({
      service: service.name,
      method: method.name,
      kind: method.kind,
      request: requestOf(method),
      response: method.returns.written,
      throws: method.throws.map(({ type }) => type.written),
      declaredBy: method.declaredBy,
      file: method.at.file,
      line: method.at.line,
    })),
  )
}

// The body of a method is its only argument itself, so that argument's type is the request's.
const requestOf = ({ args }: MethodDescriptor): string => {
  const types = args.map(({ type }) => type.written)
  return types.length === 1 ? types.join('') : `(${types.join(', ')})`
}

/** A file as an outline, two blanks a level. */
export const outline = (file: IdlFile): string => (file.kind === 'proto' ? protoOutline(file) : thriftOutline(file))

function protoOutline(file: ProtoFile): string {
  const lines = [file.path, `  ${file.edition === undefined ? `syntax ${file.syntax ?? ''}` : `edition ${file.edition}`}`]
  if (file.package !== '') lines.push(`  package ${file.package}`)
  lines.push(...file.imports.map((path) => `  import ${path}`))
  for (const { name, methods } of file.services) lines.push(`  service ${name}`, ...methods.map((one) => `    ${rpcText(one)}`))
  for (const { name, fields } of file.messages) lines.push(`  message ${name}`, ...fields.map((one) => `    ${protoFieldText(one)}`))
  for (const one of file.enums) lines.push(`  enum ${one.name} { ${one.values.map(([name, value]) => `${name} = ${value}`).join(', ')} }`)
  for (const one of file.extensions) lines.push(`  extend ${one.extendee}: ${protoFieldText(one)}`)
  return `${lines.join('\n')}\n`
}

function rpcText({ name, streaming, input, output }: ProtoFile['services'][number]['methods'][number]): string {
  const sends = streaming === 'client' || streaming === 'bidi' ? 'stream ' : ''
  const gets = streaming === 'server' || streaming === 'bidi' ? 'stream ' : ''
  return `rpc ${name}(${sends}${input}) returns (${gets}${output})`
}

function protoFieldText({ id, name, type, label, oneof, default: value }: ProtoFileField): string {
  const before = oneof !== undefined ? `oneof ${oneof}: ` : label === 'none' || label === 'map' ? '' : `${label} `
  return `${before}${type} ${name} = ${id}${value === undefined ? '' : ` [default = ${stringifyExact(value)}]`}`
}

function thriftOutline(file: ThriftFile): string {
  const lines: string[] = [file.path]
  const add = (depth: number, text: string): void => void lines.push('  '.repeat(depth) + text)
  for (const [scope, name] of Object.entries(file.namespaces)) add(1, `namespace ${scope} ${name}`)
  for (const path of file.includes) add(1, `include ${path}`)
  for (const service of file.services) {
    add(1, `service ${service.name}${service.extends === undefined ? '' : ` extends ${service.extends}`}`)
    for (const method of service.methods) {
      const throws = method.throws.length === 0 ? '' : ` throws (${method.throws.map(fieldText).join(', ')})`
      add(2, `${method.oneway ? 'oneway ' : ''}${method.returns} ${method.name}(${method.args.map(fieldText).join(', ')})${throws}`)
    }
  }
  for (const struct of file.structs) {
    add(1, `${struct.kind} ${struct.name}`)
    for (const field of struct.fields) add(2, fieldText(field))
  }
  for (const one of file.enums) add(1, `enum ${one.name} { ${one.values.map(([name, value]) => `${name} = ${value}`).join(', ')} }`)
  for (const [name, type] of file.typedefs) add(1, `typedef ${type} ${name}`)
  for (const { name, type, value } of file.consts) add(1, `const ${type} ${name} = ${stringifyExact(value)}`)
  return `${lines.join('\n')}\n`
}

function fieldText({ id, name, type, requiredness, default: value }: IdlFileField): string {
  return `${id}: ${requiredness === 'default' ? '' : `${requiredness} `}${type} ${name}${value === null ? '' : ` = ${stringifyExact(value)}`}`
}
