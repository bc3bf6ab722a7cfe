// What is wrong in Protobuf files, where, and what to do: protoc's rules in our words. Whether protoc agrees is asked in
// test/integration/idl-protoc.spec.ts.

import { expect, it } from 'vitest'
import { protoRules } from '../../../../support/proto-rules.ts'
import { findingsOf, loadTexts } from '../load-text.ts'

// A place of its own: an import is looked for in every folder above, which must not be those that this runs in.
const placed = (files: Readonly<Record<string, string>>): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(files).map(([path, text]) => [`/idl/${path}`, text]))

it.each(protoRules.map(({ name, files, findings }) => [name, files, findings] as const))('%s', async (_name, files, findings) => {
  const lines = Object.keys(files).reduce((each, name) => each.map((line) => line.replaceAll(`/idl/${name}`, name)), findingsOf(await loadTexts(placed(files))))
  expect(lines.map((line) => line.replace(/^a\.proto:/, ''))).toEqual(findings)
})

it.each(protoRules.map(({ name, files, refused }) => [name, files, refused] as const))('has an error where protoc refuses: %s', async (_name, files, refused) => {
  expect((await loadTexts(files)).diagnostics.some(({ severity }) => severity === 'error')).toBe(refused)
})
