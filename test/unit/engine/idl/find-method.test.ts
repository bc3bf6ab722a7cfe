// Names of methods as people type them.

import { expect, it } from 'vitest'
import { findMethod, hasErrors } from '../../../../src-main/engine/idl/find-method.ts'
import { createTranslator } from '../../../../shared/i18n/translate.ts'
import type { IdlSet } from '../../../../shared/model/idl.ts'
import { loadText, loadTexts } from './load-text.ts'

const english = createTranslator('en')
const find = (idl: IdlSet, name: string): string => {
  const found = findMethod(idl, name)
  return found.ok ? `${found.value.service.name}/${found.value.method.name} ${found.value.method.declaredBy}` : english.error(found.error)
}

const text = `service Base { void Ping() void Own() }
service User extends Base { void Get(1: i32 a) void List() }
service Order { void Get(1: i32 a) }`

it('takes Service/Method, Service.Method, and Method where it is unique', async () => {
  const idl = await loadText(text)
  expect(['User/Get', 'Order.Get', 'List', 'User/Ping', 'Base/Ping'].map((name) => find(idl, name))).toEqual(['User/Get User', 'Order/Get Order', 'User/List User', 'User/Ping Base', 'Base/Ping Base'])
})

it('lists the choices where a name is not unique', async () => {
  expect(find(await loadText(text), 'Get')).toBe('Method Get is declared more than once: User/Get, Order/Get. Write Service/Method')
})

it('suggests the nearest method or service', async () => {
  const idl = await loadText(text)
  expect(find(idl, 'User/Lst')).toBe('No method User/Lst in the loaded IDL; it has User/Get, User/List, User/Ping, User/Own. Did you mean User/List?')
  expect(find(idl, 'Usr/Get')).toBe('No service Usr in the loaded IDL; it has Base, User, Order. Did you mean User?')
  expect(find(idl, 'get')).toBe('No method get in the loaded IDL; it has Base/Ping, Base/Own, User/Get, User/List, User/Ping, User/Own, Order/Get. Did you mean User/Get?')
})

it('names the file where two services have one name', async () => {
  const idl = await loadTexts({ 'a.thrift': 'include "b.thrift"\nservice S { void f() }', 'b.thrift': 'service S { void f() }' })
  expect(find(idl, 'S/f')).toBe('Method S/f is declared more than once: S/f (a.thrift), S/f (b.thrift). Write Service/Method')
})

it('tells a set with errors from one with warnings', async () => {
  expect([hasErrors(await loadText('struct A { i32 a }')), hasErrors(await loadText('struct A { 1: B b }'))]).toEqual([false, true])
})
