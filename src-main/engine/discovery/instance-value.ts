// An instance as Kitex's registries write it: {"network","address","weight","tags"} (kitex-contrib/registry-etcd etcd_registry.go).
// People's registries hold rubbish too, so reading is a check that says what is wrong, never an assumption.

import * as z from 'zod'
import { fail, type ErrorData } from '../../../shared/base/error.ts'
import { ok, err, type Result } from '../../../shared/base/result.ts'
import { defaultWeight, type Instance } from '../../../shared/model/instance.ts'

const valueSchema = z.object({
  address: z.string().regex(/^.+:\d{1,5}$/),
  weight: z.number().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
})

/** Reads one value; `where` is the key or the place in a file that an error names. */
export function readInstance(value: unknown, where: string): Result<Instance> {
  const parsed = valueSchema.safeParse(value)
  if (!parsed.success) return err(unreadable(where, describeIssue(parsed.error)))
  const { address, weight, tags } = parsed.data
  return ok({ address, weight: weight === undefined || weight === null || weight <= 0 ? defaultWeight : weight, tags: tags ?? {} })
}

export function unreadable(where: string, cause: string): ErrorData {
  return fail('service_discovery', 'discovery', 'discovery.unreadableEntry', { where, cause }).data
}

function describeIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue === undefined ? '' : `${issue.path.join('.')}${issue.path.length > 0 ? ': ' : ''}${issue.message}`
}

/** The value that Kitex's own etcd registry writes. */
export function writeInstance(instance: Instance): string {
  return JSON.stringify({ network: 'tcp', address: instance.address, weight: instance.weight, tags: instance.tags })
}
