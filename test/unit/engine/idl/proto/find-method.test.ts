// Names of Protobuf methods as people, gRPC and Kitex write them.

import { expect, it } from 'vitest'
import { findMethod } from '../../../../../src-main/engine/idl/find-method.ts'
import { createTranslator } from '../../../../../shared/i18n/translate.ts'
import type { IdlSet } from '../../../../../shared/model/idl.ts'
import { loadTexts } from '../load-text.ts'

const english = createTranslator('en')
const find = (idl: IdlSet, name: string): string => {
  const found = findMethod(idl, name)
  return found.ok ? `${found.value.service.name}/${found.value.method.name}` : english.error(found.error)
}
const file = (packageName: string, service: string, method: string): string => `syntax = "proto3"; package ${packageName}; message M {} service ${service} { rpc ${method}(M) returns (M); rpc Get(M) returns (M); }`

it('takes the whole name in every form, the service alone, and the method alone where it is unique', async () => {
  const idl = await loadTexts({ 'a.proto': file('acme.shop.v1', 'Shop', 'Buy'), 'b.proto': file('acme.user', 'Users', 'List') }, { roots: ['a.proto', 'b.proto'] })
  const names = ['acme.shop.v1.Shop/Buy', '/acme.shop.v1.Shop/Buy', 'acme.shop.v1.Shop.Buy', 'Shop/Buy', 'Shop.Buy', '/Shop/Buy', 'Buy']
  expect(names.map((name) => find(idl, name))).toEqual(names.map(() => 'acme.shop.v1.Shop/Buy'))
  expect(find(idl, 'Users/Get')).toBe('acme.user.Users/Get')
  expect(find(idl, 'Get')).toBe('Method Get is declared more than once: acme.shop.v1.Shop/Get, acme.user.Users/Get. Write Service/Method')
})

it('lists the choices where two packages have a service of one name, and takes the one that is named just so', async () => {
  const two = await loadTexts({ 'a.proto': file('a', 'Shop', 'Buy'), 'b.proto': file('b', 'Shop', 'Buy') }, { roots: ['a.proto', 'b.proto'] })
  expect(find(two, 'Shop/Buy')).toBe('Method Shop/Buy is declared more than once: a.Shop/Buy, b.Shop/Buy. Write Service/Method')
  expect(find(two, 'b.Shop/Buy')).toBe('b.Shop/Buy')
  const bare = await loadTexts({ 'a.proto': file('a', 'Shop', 'Buy'), 'b.proto': 'syntax = "proto3"; message M {} service Shop { rpc Buy(M) returns (M); }' }, { roots: ['a.proto', 'b.proto'] })
  expect(find(bare, 'Shop/Buy')).toBe('Shop/Buy')
})

it('suggests the nearest, its package too', async () => {
  const idl = await loadTexts({ 'a.proto': file('acme.shop.v1', 'Shop', 'Buy') })
  expect(find(idl, 'Shp/Buy')).toBe('No service Shp in the loaded IDL; it has acme.shop.v1.Shop. Did you mean acme.shop.v1.Shop?')
  expect(find(idl, 'Shop/By')).toBe('No method Shop/By in the loaded IDL; it has acme.shop.v1.Shop/Buy, acme.shop.v1.Shop/Get. Did you mean acme.shop.v1.Shop/Buy?')
})
