// Both languages are complete, say the same with the same parameters, and each is written by its own rules.

import { describe, expect, it } from 'vitest'
import { en, zhCn } from '../../../../shared/i18n/catalogue.ts'
import { filesUnder, parse, visit } from '../../../support/source-files.ts'
import ts from 'typescript'

const english: Readonly<Record<string, string>> = en
const chinese: Readonly<Record<string, string>> = zhCn

const parametersOf = (text: string): readonly string[] => [...new Set([...text.matchAll(/\{\{\s*([\w.]+)[^}]*\}\}/g)].map(([, name]) => name ?? ''))].sort()
const stemOf = (key: string): string => key.replace(/_(one|other)$/, '')
/** What is left when parameters, code in backquotes, flags, addresses and names of things are taken away. */
const proseOf = (text: string): string => text.replace(/\{\{[^}]*\}\}|`[^`]*`/g, '')
/** Code in backquotes and JSON as an example keep their own punctuation; parameters stay, as a word. */
const withoutCode = (text: string): string => text.replace(/\{\{[^}]*\}\}/g, '{{x}}').replace(/`[^`]*`/g, ' ` ').replace(/\[[^\]]*\]|(?<!\{)\{[^{}]*\}(?!\})/g, ' [] ')
const han = /\p{Script=Han}/u

describe('catalogue', () => {
  it('has the same keys in both languages', () => {
    const stems = (catalogue: Readonly<Record<string, string>>) => [...new Set(Object.keys(catalogue).map(stemOf))].sort()
    expect(stems(chinese)).toEqual(stems(english))
  })

  it('has the same parameters in both languages', () => {
    const differing = Object.keys(chinese).filter((key) => String(parametersOf(chinese[key] ?? '')) !== String(parametersOf(english[key] ?? '')))
    expect(differing).toEqual([])
  })

  it('says a key in one area only', () => {
    const keys = filesUnder('shared/i18n/en', (path) => path.endsWith('.ts')).flatMap((path) => keysIn(path))
    expect(keys.filter((key, n) => keys.indexOf(key) !== n)).toEqual([])
  })

  it('leaves no text empty', () => {
    expect([...Object.entries(english), ...Object.entries(chinese)].filter(([, text]) => text.trim() === '').map(([key]) => key)).toEqual([])
  })

  it('is Chinese where English has words', () => {
    const isSentence = (text: string): boolean => /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(proseOf(text))
    expect(Object.keys(chinese).filter((key) => isSentence(english[key] ?? '') && !han.test(chinese[key] ?? ''))).toEqual([])
  })

  it('writes full-width punctuation after Chinese characters', () => {
    const halfWidth = /\p{Script=Han}\s?[,;:!?]|\p{Script=Han}\.(\s|$)|\p{Script=Han}\((?!\))|[,;:!?]\p{Script=Han}/u
    expect(offending(chinese, halfWidth)).toEqual([])
  })

  it('puts a space between Chinese and Latin letters or digits', () => {
    const tight = /\p{Script=Han}[A-Za-z0-9]|[A-Za-z0-9]\p{Script=Han}|\p{Script=Han}\{\{|\}\}\p{Script=Han}/u
    expect(offending(chinese, tight)).toEqual([])
  })

  it('neither shouts nor begs in English', () => {
    expect(offending(english, /\w!|\b(please|oops|sorry)\b/i)).toEqual([])
  })
})

const offending = (catalogue: Readonly<Record<string, string>>, pattern: RegExp): readonly string[] =>
  Object.entries(catalogue).filter(([, text]) => pattern.test(withoutCode(text))).map(([key, text]) => `${key}: ${text}`)

function keysIn(path: string): readonly string[] {
  const keys: string[] = []
  visit(parse(path), (node) => {
    if (ts.isPropertyAssignment(node) && ts.isStringLiteral(node.name)) keys.push(node.name.text)
  })
  return keys
}
