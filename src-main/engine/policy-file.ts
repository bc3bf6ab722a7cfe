// From a path to a policy: reads the file, finds the fault's place where it is no JSON, and leaves the meaning to policy/read-policy.ts.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { fail } from '../../shared/base/error.ts'
import { readJson } from '../../shared/logic/json/read.ts'
import { positionAt } from '../../shared/logic/json/position.ts'
import { readPolicy, type PolicyReading, type PolicySubject } from './policy/read-policy.ts'

/** Throws KiteError `file`: not there, no JSON (with line and column), or no policy. YAML is told by the file's ending. */
export async function readPolicyFile(path: string, baseDir: string, subject: PolicySubject): Promise<PolicyReading> {
  let text: string
  try {
    text = await readFile(resolve(baseDir, path), 'utf8')
  } catch (caught) {
    throw fail('file', 'policy', 'chain.policyUnreadable', { path, reason: caught instanceof Error && 'code' in caught ? String(caught.code) : String(caught) })
  }
  const value = /\.ya?ml$/i.test(path) ? (await import('./policy-yaml.ts')).parsePolicyYaml(text, path) : parseJson(text, path)
  return readPolicy(value, subject, path)
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (caught) {
    const issue = readJson(text).issues.find(({ severity }) => severity === 'error')
    const at = { file, ...(issue === undefined ? {} : positionAt(text, issue.start)) }
    throw fail('file', 'policy', 'chain.policyNotJson', { problem: caught instanceof Error ? caught.message : String(caught) }, { at })
  }
}
