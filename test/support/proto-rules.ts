// The cases of test/fixtures/idl/proto/rules.json, for whoever checks them.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'

const ruleCase = z.object({
  name: z.string(),
  refused: z.boolean(),
  text: z.string().optional(),
  files: z.record(z.string(), z.string()).optional(),
  findings: z.array(z.string()),
})

export const rulesText = readFileSync(join(import.meta.dirname, '../fixtures/idl/proto/rules.json'), 'utf8')

/** Each with its files by path; the root is `a.proto`. */
export const protoRules = z.array(ruleCase).parse(JSON.parse(rulesText)).map(({ text, files, ...rest }) => ({ ...rest, files: files ?? { 'a.proto': text ?? '' } }))
