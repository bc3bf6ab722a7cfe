// What Protobuf forbids in a file whose names are resolved. The rules are those of protoc (descriptor.cc, parser.cc, command_line_interface.cc).

import type { Findings } from '../diagnostics.ts'
import type { SourceFile } from '../source-file.ts'
import { checkEnum } from './check-enum.ts'
import { checkFeatures } from './check-features.ts'
import { checkField } from './check-field.ts'
import { checkFileHead } from './check-head.ts'
import { checkMessage } from './check-message.ts'
import { checkNames } from './check-names.ts'
import { checkStyle, checkVisibility } from './check-style.ts'
import { reporterOf } from './report.ts'
import { enumsOf, extensionsOf, messagesOf, type FileProto } from './model.ts'
import type { Symbols } from './symbols.ts'

/** Adds what is wrong with one file to the findings. */
export function checkFile(file: FileProto, source: SourceFile, symbols: Symbols, findings: Findings): void {
  const report = reporterOf(source, findings)
  checkFileHead(file, report)
  checkNames(file, symbols, source, report)
  checkFeatures(file, report)
  checkStyle(file, report)
  checkVisibility(file, report)
  for (const message of messagesOf(file)) {
    if (message.mapEntry) continue
    checkMessage(message, source, report)
    for (const field of message.fields) checkField(field, report)
  }
  for (const field of extensionsOf(file)) checkField(field, report)
  for (const one of enumsOf(file)) checkEnum(one, report)
}
