// What is wrong in Protobuf files, where, and what to do: protoc's rules in our words. Whether protoc agrees is asked in
// test/integration/idl-protoc.spec.ts.

import { expect, it } from 'vitest'
import { protoRules } from '../../../../support/proto-rules.ts'
import { findingsOf, loadTexts } from '../load-text.ts'

it.each(protoRules.map(({ name, files, findings }) => [name, files, findings] as const))('%s', async (_name, files, findings) => {
  expect(findingsOf(await loadTexts(files)).map((line) => line.replace(/^a\.proto:/, ''))).toEqual(findings)
})

it.each(protoRules.map(({ name, files, refused }) => [name, files, refused] as const))('has an error where protoc refuses: %s', async (_name, files, refused) => {
  expect((await loadTexts(files)).diagnostics.some(({ severity }) => severity === 'error')).toBe(refused)
})
