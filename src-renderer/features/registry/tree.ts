// The services tree as flat rows: registry services with their IDL methods and instances, then IDL services that no registry knows.
// Pure, so that folding and filtering are tested without a window.

import { matchService } from '../../../shared/logic/match-service.ts'
import { matchText } from '../../../shared/logic/match-text.ts'
import type { RegistryView } from '../../../shared/ipc/streams.ts'
import type { IdlSet, MethodDescriptor, ServiceDescriptor } from '../../../shared/model/idl.ts'
import type { Instance, ServiceSnapshot } from '../../../shared/model/instance.ts'

export type ServiceRow =
  | { readonly kind: 'service'; readonly id: string; readonly level: number; readonly open: boolean; readonly snapshot: ServiceSnapshot }
  | { readonly kind: 'idl'; readonly id: string; readonly level: number; readonly open: boolean; readonly service: ServiceDescriptor; readonly registered: boolean }
  | { readonly kind: 'method'; readonly id: string; readonly level: number; readonly service: ServiceDescriptor; readonly method: MethodDescriptor; readonly registryName: string | undefined }
  | { readonly kind: 'instances'; readonly id: string; readonly level: number; readonly open: boolean; readonly count: number }
  | { readonly kind: 'instance'; readonly id: string; readonly level: number; readonly instance: Instance; readonly snapshot: ServiceSnapshot }
  | { readonly kind: 'no-idl'; readonly id: string; readonly level: number; readonly service: string }

export interface TreeInput {
  readonly view: RegistryView | undefined
  readonly idl: IdlSet | undefined
  readonly told: Readonly<Record<string, string>>
  /** Folding that the user changed; what is not in it follows the default. */
  readonly folded: Readonly<Record<string, boolean>>
  readonly filter: string
  /** IDL service of the request that is shown: its place in the tree is open unless the user folded it. */
  readonly revealed: string | undefined
}

export function serviceRows(input: TreeInput): readonly ServiceRow[] {
  const snapshots = [...(input.view?.services ?? [])].sort((a, b) => a.service.localeCompare(b.service))
  const services = input.idl?.services ?? []
  const matched = new Map(snapshots.map((snapshot) => [snapshot.service, matchService(snapshot.service, services, input.told)]))
  const used = new Set([...matched.values()].map((service) => service?.name))
  // One service opens by itself; many stay folded so that the list is seen first.
  const openByDefault = snapshots.length + services.filter(({ name }) => !used.has(name)).length <= 3
  const rows = snapshots.flatMap((snapshot, index) => registryRows(input, snapshot, matched.get(snapshot.service), openByDefault || (input.revealed === undefined ? index === 0 : matched.get(snapshot.service)?.name === input.revealed)))
  const rest = services.filter(({ name }) => !used.has(name)).flatMap((service) => idlRows(input, service, undefined, 1, openByDefault || service.name === input.revealed))
  return [...rows, ...rest]
}

const isOpen = (input: TreeInput, id: string, byDefault: boolean): boolean => input.filter.trim() !== '' || (input.folded[id] ?? byDefault)

function registryRows(input: TreeInput, snapshot: ServiceSnapshot, service: ServiceDescriptor | undefined, openByDefault: boolean): readonly ServiceRow[] {
  const id = `service:${snapshot.service}`
  const open = isOpen(input, id, openByDefault)
  const self = matchText(input.filter, snapshot.service) > 0
  const narrowed = self ? { ...input, filter: '' } : input
  const methods: readonly ServiceRow[] = service === undefined ? [{ kind: 'no-idl', id: `${id}/no-idl`, level: 2, service: snapshot.service }] : idlRows(narrowed, service, snapshot.service, 2, true)
  const children = [...(service === undefined && !self ? [] : methods), ...instanceRows(narrowed, id, snapshot, openByDefault)]
  if (!self && children.length === 0) return []
  return [{ kind: 'service', id, level: 1, open, snapshot }, ...(open ? children : [])]
}

function idlRows(input: TreeInput, service: ServiceDescriptor, registryName: string | undefined, level: number, openByDefault: boolean): readonly ServiceRow[] {
  // Two files may each have a service of the same name.
  const id = `idl:${registryName ?? ''}:${service.file}:${service.name}`
  const self = matchText(input.filter, service.name) > 0
  const methods = service.methods.filter((method) => self || matchText(input.filter, method.name) > 0)
  if (!self && methods.length === 0) return []
  const open = isOpen(input, id, openByDefault)
  const rows: readonly ServiceRow[] = methods.map((method) => ({ kind: 'method', id: `${id}/${method.name}`, level: level + 1, service, method, registryName }))
  return [{ kind: 'idl', id, level, open, service, registered: registryName !== undefined }, ...(open ? rows : [])]
}

function instanceRows(input: TreeInput, parent: string, snapshot: ServiceSnapshot, openByDefault: boolean): readonly ServiceRow[] {
  const id = `${parent}/instances`
  const shown = snapshot.instances.filter((instance) => matchText(input.filter, `${instance.address} ${Object.values(instance.tags).join(' ')}`) > 0)
  if (shown.length === 0) return []
  const open = isOpen(input, id, openByDefault)
  const rows: readonly ServiceRow[] = shown.map((instance) => ({ kind: 'instance', id: `${id}/${instance.address}`, level: 3, instance, snapshot }))
  return [{ kind: 'instances', id, level: 2, open, count: snapshot.instances.length }, ...(open ? rows : [])]
}

/** `w10 v1.9`: weight and the version, or the first tag where there is no version; the rest is for the tooltip. */
export function instanceSummary({ weight, tags }: Instance): string {
  const shown = tags['version'] ?? Object.values(tags)[0]
  return shown === undefined ? `w${weight}` : `w${weight} ${shown}`
}
