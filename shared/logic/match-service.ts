// Which IDL service a registry name stands for. The workspace may say so; else names are compared without their decoration, since
// `demo.user`, `user` and `UserService` mean the same to the people who named them.

import type { ServiceDescriptor } from '../model/idl.ts'

/** Words that name no service by themselves. */
const decoration = /(service|svc|server|srv|rpc|api)$/

const bare = (name: string): string => {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  const stripped = letters.replace(decoration, '')
  return stripped === '' ? letters : stripped
}

/** The IDL service for a registry name: as told by the workspace, else the only one whose bare name fits, else undefined. */
export function matchService<S extends Pick<ServiceDescriptor, 'name'>>(registryName: string, services: readonly S[], told: Readonly<Record<string, string>>): S | undefined {
  const named = told[registryName]
  if (named !== undefined) return services.find(({ name }) => name === named)
  const exact = services.find(({ name }) => name === registryName)
  if (exact !== undefined) return exact
  const last = bare(registryName.split(/[./:]/).at(-1) ?? registryName)
  const whole = bare(registryName)
  const fits = services.filter(({ name }) => bare(name) === last || bare(name) === whole)
  return fits.length === 1 ? fits[0] : undefined
}

/** The registry name for an IDL service, the other way round. */
export function registryNameOf(service: string, registryNames: readonly string[], services: readonly Pick<ServiceDescriptor, 'name'>[], told: Readonly<Record<string, string>>): string | undefined {
  return registryNames.find((name) => matchService(name, services, told)?.name === service)
}
