import { expect, it } from 'vitest'
import { methodFileName, methodTitle } from '../../../../shared/logic/method-title.ts'

it('drops the service of a method, and keeps verb and path of an HTTP request', () => {
  expect(['shop.v1.Orders/Create', 'Create', 'GET /users/7?x=1', 'fs.readDirectory'].map(methodTitle)).toEqual(['Create', 'Create', 'GET /users/7?x=1', 'fs.readDirectory'])
})

it('makes names that files may bear', () => {
  expect(['shop.v1.Orders/Create', 'GET /users/7?x=1', 'GET /', '/'].map(methodFileName)).toEqual(['Create', 'GET-users-7-x-1', 'GET', 'reply'])
})
