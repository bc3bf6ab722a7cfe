import { describe, expect, it } from 'vitest'
import { currentFormat, upgrade } from '../../../../src-main/engine/workspace/upgrade.ts'

describe('upgrading a document', () => {
  const steps = [
    (old: object) => ({ ...old, renamed: 1 }),
    (old: object) => ({ ...old, split: 2 }),
  ]
  it('applies what lies between its format and ours, in order', () => {
    expect(upgrade({ format: 1, a: 0 }, 1, steps)).toEqual({ format: 3, a: 0, renamed: 1, split: 2 })
    expect(upgrade({ format: 2, a: 0 }, 2, steps)).toEqual({ format: 3, a: 0, split: 2 })
    expect(upgrade({ format: 3, a: 0 }, 3, steps)).toEqual({ format: 3, a: 0 })
  })
  it('leaves a document of today as it is', () => {
    const document = { format: currentFormat, a: 1 }
    expect(upgrade(document, currentFormat)).toEqual(document)
  })
})
