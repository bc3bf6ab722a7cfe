// Names as edition 2024 demands them, unless features.enforce_naming_style says otherwise, and what of a file others may use.

import { enumsOf, messagesOf, type AnyEntity, type EnumProto, type FileProto, type MessageProto } from './model.ts'
import type { Report } from './report.ts'

const styles = { TitleCase: /^[A-Z][A-Za-z0-9]*$/, lower_snake_case: /^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$/, UPPER_SNAKE_CASE: /^[A-Z][A-Z0-9]*(_[A-Z][A-Z0-9]*)*$/ } as const

/** Naming style of a file and everything in it. */
export function checkStyle(file: FileProto, report: Report): void {
  if (file.syntax !== 'editions') return
  const check = (one: AnyEntity, style: keyof typeof styles): void => {
    if (one.features?.naming === 'strict' && !styles[style].test(one.name)) report(one.node?.name, 'naming-style', { name: one.name, style })
  }
  for (const message of messagesOf(file)) {
    if (message.mapEntry) continue
    check(message, 'TitleCase')
    message.fields.forEach((field) => check(field, 'lower_snake_case'))
    message.oneofs.forEach((one) => check(one, 'lower_snake_case'))
  }
  for (const one of enumsOf(file)) {
    check(one, 'TitleCase')
    one.values.forEach((value) => check(value, 'UPPER_SNAKE_CASE'))
  }
  for (const service of file.services) {
    check(service, 'TitleCase')
    service.methods.forEach((method) => check(method, 'TitleCase'))
  }
}

/** Whether another file may use a message or enum. */
export function isExported(one: MessageProto | EnumProto): boolean {
  if (one.visibility !== undefined) return one.visibility === 'export'
  const rule = one.file.features?.visibility ?? 'all'
  return rule === 'all' || (rule === 'top' && one.parent.kind === 'file')
}

/** Uses of what another file keeps to itself. */
export function checkVisibility(file: FileProto, report: Report): void {
  const check = (ref: MessageProto | EnumProto | undefined, range: Parameters<Report>[0]): void => {
    if (ref !== undefined && ref.file !== file && !isExported(ref)) report(range, 'not-exported', { name: ref.fullName, path: ref.file.path })
  }
  for (const message of messagesOf(file)) for (const field of [...message.fields, ...message.extensions]) check(field.ref, field.node?.type)
  for (const field of file.extensions) check(field.ref, field.node?.type)
  for (const service of file.services) {
    for (const { input, output, node } of service.methods) {
      check(input, node?.input)
      check(output, node?.output)
    }
  }
}
