import { describe, expect, it } from 'vitest'
import { docText } from '../../../../src-main/engine/idl/docs.ts'

const of = (text: string): string | undefined => docText(text, { start: 0, end: text.length })

describe('comments as documentation', () => {
  it('keep their words and lose their marks', () => {
    expect(['/** One. */', '/**\n * One.\n *\n * Two *stars* **.\n **/', '// a\n// b', '# a', '/* a **/', '/**/', '// a */'].map(of)).toEqual(['One.', 'One.\n\nTwo *stars* **.', 'a\nb', 'a', 'a', '/', 'a'])
  })

  // Whoever tries each character of the row as its first needs hours.
  it.each([' ', '*', '\t', '/'])('are read in one go, whatever row of %j stands in them', (character) => {
    expect(of(`/** a${character.repeat(2_000_000)}b */`)).toHaveLength(2_000_002)
  })
})
