// New requests as a tab starts with them: Kitex's defaults (kitex.md 3), the workspace's IDL, and the best target known for the service.
// Written out rather than parsed from the schema, so that the window needs no schema library.

import type { CallRequest, Target } from '../../shared/model/call.ts'
import type { MethodDescriptor } from '../../shared/model/idl.ts'
import type { WorkspaceState } from '../../shared/model/workspace.ts'
import { currentRegistry } from './workspace.ts'

export const defaultEndpoint = '127.0.0.1:8888'

export function newRequest(method: string, body: string, target: Target, workspace: WorkspaceState): CallRequest {
  return {
    idl: { paths: [...workspace.idl.paths], includeDirs: [...workspace.idl.includeDirs] },
    method,
    body,
    target,
    transport: 'auto',
    codec: 'auto',
    timeoutMs: unaryTimeoutMs,
    connectTimeoutMs: 50,
    metainfo: { transient: [], persistent: [] },
    headers: [],
    compress: 'none',
    maxMessageBytes: 256 * 1024 * 1024,
    caller: 'kite.console',
    policy: { balancer: 'weight_round_robin', pool: 'auto' },
    chain: true,
    bytes: true,
    crossCheck: false,
    format: { int64: 'number', enums: 'name', binary: 'base64', defaults: false },
  }
}

/** A service in the environment's registry when it is known there, else an address. */
export function targetFor(registryName: string | undefined, workspace: WorkspaceState): Target {
  const registry = currentRegistry(workspace)
  return registryName === undefined || registry === undefined
    ? { kind: 'direct', endpoints: [defaultEndpoint] }
    : { kind: 'service', service: registryName, registry, tags: {} }
}

/** What is sent: the tab's request with the IDL and the registry of the moment. */
export function requestToSend(request: CallRequest, workspace: WorkspaceState): CallRequest {
  const registry = currentRegistry(workspace)
  const idl = workspace.idl.paths.length === 0 ? request.idl : { paths: [...workspace.idl.paths], includeDirs: [...workspace.idl.includeDirs] }
  return request.target.kind === 'service' && registry !== undefined ? { ...request, idl, target: { ...request.target, registry } } : { ...request, idl }
}

/** Kitex's usual. */
export const unaryTimeoutMs = 1000

/** A stream runs until it ends; all else has Kitex's usual second. A time that somebody chose stays. */
export function withTimeFor<T extends Pick<CallRequest, 'timeoutMs'>>(method: MethodDescriptor | undefined, request: T): T {
  if (method === undefined) return request
  const isStream = method.kind !== 'unary' && method.kind !== 'oneway'
  if (isStream && request.timeoutMs === unaryTimeoutMs) return { ...request, timeoutMs: 0 }
  return !isStream && request.timeoutMs === 0 ? { ...request, timeoutMs: unaryTimeoutMs } : request
}
