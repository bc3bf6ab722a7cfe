// Whom a method's service is called in the registry, when the user did not say: the workspace may tell, else names are compared.

import { registryNameOf } from '../../shared/logic/match-service.ts'
import type { DiscoveryArea } from './discovery-area.ts'
import type { IdlLoader, IdlSource } from './idl-area.ts'

export interface NameQuestion {
  readonly idl: IdlSource
  readonly method: string
  readonly registry: string
  readonly baseDir: string | undefined
  /** From registry name to IDL service, as kite.json has it. */
  readonly told: Readonly<Record<string, string>>
}

export async function registeredName(idl: IdlLoader, discovery: DiscoveryArea, { idl: source, method, registry, baseDir, told }: NameQuestion, signal: AbortSignal): Promise<string | undefined> {
  const found = await idl.method(source, method, signal)
  const names = await (await discovery.open(registry, baseDir)).services(signal)
  return registryNameOf(found.service.name, names, found.idl.services, told)
}
