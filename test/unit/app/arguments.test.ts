import { describe, expect, it } from 'vitest'
import { parseArguments } from '../../../src-main/app/arguments.ts'

const parse = (argv: readonly string[], { isPackaged = false, env = {} }: { readonly isPackaged?: boolean; readonly env?: Readonly<Record<string, string>> } = {}) => parseArguments(argv, isPackaged, '/home/me', env)

describe('the application\'s arguments', () => {
  it('name a workspace, after the application\'s folder where it is not packed', () => {
    expect(parse(['electron', '.', 'shop'])).toEqual({ workspace: '/home/me/shop', demo: false })
    expect(parse(['electron', '.'])).toEqual({ workspace: undefined, demo: false })
    expect(parse(['kite-console', '/abs/shop'], { isPackaged: true })).toEqual({ workspace: '/abs/shop', demo: false })
  })

  it('may stand among the switches of Chromium', () => {
    expect(parse(['electron', '--no-sandbox', '--user-data-dir=/tmp/x', '/app', '--demo'])).toEqual({ workspace: undefined, demo: true })
    expect(parse(['electron', '--inspect=0', '--remote-debugging-port=0', '/app', '--disable-gpu', 'shop'])).toEqual({ workspace: '/home/me/shop', demo: false })
  })

  it('give way to nothing: KITE_WORKSPACE counts only without one', () => {
    expect(parse(['electron', '.'], { env: { KITE_WORKSPACE: 'here' } }).workspace).toBe('/home/me/here')
    expect(parse(['electron', '.', 'shop'], { env: { KITE_WORKSPACE: 'here' } }).workspace).toBe('/home/me/shop')
    expect(parse(['electron', '.'], { env: { KITE_WORKSPACE: '' } }).workspace).toBeUndefined()
  })
})
