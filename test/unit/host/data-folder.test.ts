import { describe, expect, it } from 'vitest'
import { dataFolder } from '../../../src-main/host/data-folder.ts'

describe('the data folder', () => {
  it.each([
    ['linux', {}, '/home/u/.config/kite-console'],
    ['linux', { XDG_CONFIG_HOME: '/cfg' }, '/cfg/kite-console'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/u/.config/kite-console'],
    ['darwin', {}, '/home/u/Library/Application Support/Kite Console'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/Kite Console'],
    ['win32', {}, '/home/u/AppData/Roaming/Kite Console'],
    ['linux', { KITE_DATA_DIR: '/mine', XDG_CONFIG_HOME: '/cfg' }, '/mine'],
  ] as const)('on %s with %j is %s', (platform, env, path) => {
    expect(dataFolder(env, platform, '/home/u')).toBe(path)
  })
})
