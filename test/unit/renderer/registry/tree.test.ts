import { expect, it } from 'vitest'
import type { RegistryView } from '../../../../shared/ipc/streams.ts'
import { instanceSummary, serviceRows, type TreeInput } from '../../../../src-renderer/features/registry/tree.ts'
import { shopIdl } from '../../shared/body/shop-idl.ts'

const instance = (port: number, version: string) => ({ address: `127.0.0.1:${port}`, weight: 10, tags: { zone: 'a', version } })
const snapshot = (service: string, ...ports: readonly number[]) => ({ service, instances: ports.map((port) => instance(port, 'v1')), revision: 1, state: 'live' as const, seenAtMs: 0, origin: 'file:r.yaml', problems: [] })
const view: RegistryView = { origin: 'file:r.yaml', state: 'live', services: [snapshot('demo.user', 7101, 7102), snapshot('demo.cart', 7201), snapshot('demo.pay', 7301), snapshot('demo.mail', 7401)] }
const input: TreeInput = { view, idl: shopIdl, told: {}, folded: {}, filter: '', revealed: undefined }

const drawn = (changes: Partial<TreeInput>): readonly string[] => serviceRows({ ...input, ...changes }).map((row) => `${'  '.repeat(row.level - 1)}${'open' in row ? (row.open ? '- ' : '+ ') : ''}${row.id.split(/[/:]/).at(-1) ?? ''}`)

it('shows many services folded, the first and the one in work open', () => {
  expect(drawn({ revealed: 'UserService' })).toEqual(['+ demo.cart', '+ demo.mail', '+ demo.pay', '- demo.user', '  - UserService', '    GetUser', '  - instances', '    7101', '    7102'])
})

it('opens what a filter finds, and leaves the rest out', () => {
  expect(drawn({ filter: 'getu' })).toEqual(['- demo.user', '  - UserService', '    GetUser'])
  expect(drawn({ filter: '7201' })).toEqual(['- demo.cart', '  - instances', '    7201'])
})

it('lists IDL services that no registry knows', () => {
  expect(drawn({ view: undefined })).toEqual(['- UserService', '  GetUser'])
})

it('sums an instance up by weight and version', () => {
  expect(instanceSummary(instance(1, 'v2.1'))).toBe('w10 v2.1')
  expect(instanceSummary({ address: 'a:1', weight: 2, tags: {} })).toBe('w2')
})
