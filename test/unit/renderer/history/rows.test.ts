import { expect, it } from 'vitest'
import { historyRows } from '../../../../src-renderer/features/history/rows.ts'
import { savedRows } from '../../../../src-renderer/features/history/saved-calls.tsx'
import type { HistoryEntry } from '../../../../shared/model/workspace.ts'

const noon = new Date(2026, 10, 21, 12).getTime()
const call = (id: string, daysAgo: number, method = 'UserService/GetUser'): HistoryEntry => ({ id, startTimeUnixNano: `${noon - daysAgo * 86_400_000}000000`, service: 'demo.user', method, outcome: 'ok', durationNs: 1, retries: 0, bytes: { sent: 1, received: 1 } })
const drawn = (...args: Parameters<typeof historyRows>): readonly string[] => historyRows(...args).map((row) => (row.kind === 'day' ? `${row.which} ${row.day}` : row.id))

it('groups calls by day', () => {
  expect(drawn([call('a', 0), call('b', 0), call('c', 1), call('d', 9)], noon, new Set(), '')).toEqual(['today 2026-11-21', 'a', 'b', 'yesterday 2026-11-20', 'c', 'earlier 2026-11-12', 'd'])
})

it('folds a day, and filters by method', () => {
  expect(drawn([call('a', 0), call('c', 1)], noon, new Set(['2026-11-21']), '')).toEqual(['today 2026-11-21', 'yesterday 2026-11-20', 'c'])
  expect(drawn([call('a', 0), call('b', 0, 'StockService/Levels')], noon, new Set(), 'levels')).toEqual(['today 2026-11-21', 'b'])
})

it('shows saved calls in their folders, which fold with all inside', () => {
  const paths = ['user/get', 'shop/orders/create', 'ping']
  expect(savedRows(paths, new Set(), '').map(({ level, name }) => `${level} ${name}`)).toEqual(['1 ping', '1 shop', '2 orders', '3 create', '1 user', '2 get'])
  expect(savedRows(paths, new Set(['shop']), '').map(({ name }) => name)).toEqual(['ping', 'shop', 'user', 'get'])
})
