import { expect, it } from 'vitest'
import { keysOf, type KeyPress } from '../../../../src-renderer/app/keyboard.ts'
import { parseDurationMs } from '../../../../src-renderer/features/request/target/timeout-field.tsx'
import { keyAction } from '../../../../src-renderer/ui/tree.tsx'
import { writeKeys } from '../../../../src-renderer/ui/key-hint.tsx'

const press = (key: string, held: Partial<KeyPress> = {}): KeyPress => ({ key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...held })

it('names a key press the way commands are written, on both kinds of keyboard', () => {
  expect(keysOf(press('Enter', { ctrlKey: true }), false)).toBe('mod+enter')
  expect(keysOf(press('Enter', { metaKey: true }), true)).toBe('mod+enter')
  expect(keysOf(press('P', { ctrlKey: true, shiftKey: true }), false)).toBe('mod+shift+p')
  expect(keysOf(press('?', { shiftKey: true }), false)).toBe('?')
  expect(keysOf(press('F6', { shiftKey: true }), false)).toBe('shift+f6')
  expect(keysOf(press('Tab', { ctrlKey: true }), true)).toBe('ctrl+tab')
})

it('writes keys for eyes', () => {
  expect(['mod+enter', 'mod+shift+p', '+', '?', 'mod+pageup'].map(writeKeys)).toEqual(['Ctrl ⏎', 'Ctrl Shift P', '+', '?', 'Ctrl PgUp'])
})

it('reads a timeout with or without its unit', () => {
  expect(['250', '250 ms', '1.5s', '2 min', '0', '-1', 'soon', ''].map(parseDurationMs)).toEqual([250, 250, 1500, 120_000, 0, undefined, undefined, undefined])
})

it('moves, folds and opens in a tree by j k h l and arrows', () => {
  const rows = [{ id: 'a', level: 1, open: true }, { id: 'b', level: 2 }, { id: 'c', level: 1, open: false }]
  expect(['j', 'k', 'End', 'l', 'h', 'Enter'].map((key) => keyAction(key, rows, 0))).toEqual([
    { kind: 'move', id: 'b' }, { kind: 'move', id: 'a' }, { kind: 'move', id: 'c' }, { kind: 'move', id: 'b' }, { kind: 'toggle', id: 'a', open: false }, { kind: 'toggle', id: 'a', open: false },
  ])
  expect(['h', 'l', 'Enter'].map((key) => keyAction(key, rows, 1))).toEqual([{ kind: 'move', id: 'a' }, undefined, { kind: 'activate', id: 'b' }])
  expect(keyAction('l', rows, 2)).toEqual({ kind: 'toggle', id: 'c', open: true })
})
