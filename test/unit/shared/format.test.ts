import { describe, expect, it } from 'vitest'
import { formatBytes, formatDuration, formatUtcNanos } from '../../../shared/logic/format.ts'
import { matchService, registryNameOf } from '../../../shared/logic/match-service.ts'
import { matchText } from '../../../shared/logic/match-text.ts'
import { assignServiceHues, serviceHue, serviceHues } from '../../../shared/logic/service-hue.ts'

describe('numbers as people read them', () => {
  it('durations have three significant digits and never four', () => {
    expect([0, 812, 999_499, 999_600, 812_000, 12_340_000, 83_100_000, 999_999_999, 1_040_000_000, 125_000_000_000].map(formatDuration)).toEqual(['0 ns', '812 ns', '999 us', '1.00 ms', '812 us', '12.3 ms', '83.1 ms', '1.00 s', '1.04 s', '2 min 5 s'])
  })
  it('bytes are counted in KiB and MiB', () => {
    expect([0, 212, 1023, 1024, 1536, 4 * 1024 * 1024].map(formatBytes)).toEqual(['0 B', '212 B', '1023 B', '1.00 KiB', '1.50 KiB', '4.00 MiB'])
  })
  it('nanoseconds are exact', () => {
    expect(formatUtcNanos('1763706512345678901')).toBe('2025-11-21T06:28:32.345678901Z')
  })
})

describe('registry names and IDL services', () => {
  const services = [{ name: 'UserService' }, { name: 'OrderService' }, { name: 'StockSvc' }]
  it('fit by their bare names', () => {
    expect(['demo.user', 'order-service', 'shop/stock', 'UserService', 'gateway'].map((name) => matchService(name, services, {})?.name)).toEqual(['UserService', 'OrderService', 'StockSvc', 'UserService', undefined])
  })
  it('fit as the workspace says, whatever the names', () => {
    expect(matchService('gateway', services, { gateway: 'OrderService' })).toEqual({ name: 'OrderService' })
    expect(registryNameOf('OrderService', ['demo.user', 'gateway'], services, { gateway: 'OrderService' })).toBe('gateway')
  })
})

describe('matching typed text', () => {
  const best = (query: string, texts: readonly string[]): string | undefined => texts.filter((text) => matchText(query, text) > 0).sort((a, b) => matchText(query, b) - matchText(query, a))[0]
  it('finds by initials, by parts and by words in any case', () => {
    expect(best('bgu', ['GetUser', 'BatchGetUsers', 'BigUnderwear'])).toBe('BatchGetUsers')
    expect(best('getuser', ['BatchGetUsers', 'GetUser'])).toBe('GetUser')
    expect(best('user get', ['UserService/GetUser', 'OrderService/Recent'])).toBe('UserService/GetUser')
    expect(best('zzz', ['UserService'])).toBeUndefined()
  })
})

describe('the colour of a service', () => {
  it('is the same wherever its set is the same, in any order, and twelve services differ', () => {
    const names = Array.from({ length: 12 }, (_, index) => `service-${index}`)
    const hues = assignServiceHues(names)
    expect(new Set(hues.values())).toEqual(new Set(serviceHues))
    expect(assignServiceHues([...names].reverse())).toEqual(hues)
    expect(assignServiceHues(['demo.user']).get('demo.user')).toBe(serviceHue('demo.user'))
  })
})
