// Where a cursor stands in a JSON text that is still being typed, hence usually no JSON yet: the path of keys and indexes to it, whether a
// key or a value is written there, and what has to be replaced. A scanner, since a parser would stop at the first hole.

/** `key`: a member's name is written here. `value`: anything else. */
export interface CursorContext {
  readonly kind: 'key' | 'value'
  /** To the object (for a key) or to the value itself. */
  readonly path: readonly (string | number)[]
  /** The word under the cursor, `[start, end)`, quotes included. */
  readonly start: number
  readonly end: number
  readonly quoted: boolean
  /** Keys that the object has already, without the one under the cursor. */
  readonly keys: readonly string[]
  /** A key is followed by a colon already. */
  readonly hasColon: boolean
}

interface Container { readonly kind: 'object' | 'array'; readonly keys: string[]; key: string | undefined; index: number; wantsKey: boolean }
interface Token { readonly kind: 'string' | 'word' | 'mark'; readonly start: number; readonly end: number; readonly text: string }

/** The context at an offset of the text. */
export function cursorContext(text: string, offset: number): CursorContext {
  const stack: Container[] = []
  let here: { readonly token: Token | undefined; readonly depth: number; readonly container: Container | undefined; readonly path: readonly (string | number)[]; readonly isKey: boolean } | undefined
  const capture = (token: Token | undefined): void => {
    const container = stack.at(-1)
    const isKey = container?.kind === 'object' && container.wantsKey
    here = { token, depth: stack.length, container, path: pathOf(stack, isKey), isKey }
  }
  let hasColon = false
  for (const token of tokens(text)) {
    if (here === undefined && token.start >= offset && !(token.start === offset && token.kind !== 'mark')) capture(undefined)
    else if (here === undefined && token.kind !== 'mark' && offset > token.start - 1 && offset <= token.end) capture(token)
    else if (here !== undefined && stack.length < here.depth) break
    if (here?.token !== undefined && here.isKey && stack.length === here.depth && token.text === ':' && stack.at(-1)?.key === unquote(here.token)) hasColon = true
    advance(stack, token)
  }
  if (here === undefined) capture(undefined)
  const { token, container, path, isKey } = here ?? { token: undefined, container: undefined, path: [], isKey: false }
  const own = token === undefined ? undefined : unquote(token)
  const keys = (container?.keys ?? []).filter((key, index, all) => key !== own || all.indexOf(key) !== index)
  return { kind: isKey ? 'key' : 'value', path, start: token?.start ?? offset, end: token?.end ?? offset, quoted: token?.kind === 'string', keys: isKey ? keys : [], hasColon }
}

function pathOf(stack: readonly Container[], isKey: boolean): readonly (string | number)[] {
  const steps = stack.map(({ kind, key, index }) => (kind === 'array' ? index : (key ?? '')))
  return isKey ? steps.slice(0, -1) : steps
}

function advance(stack: Container[], token: Token): void {
  const top = stack.at(-1)
  if (token.kind === 'mark') {
    if (token.text === '{') stack.push({ kind: 'object', keys: [], key: undefined, index: 0, wantsKey: true })
    else if (token.text === '[') stack.push({ kind: 'array', keys: [], key: undefined, index: 0, wantsKey: false })
    else if (token.text === '}' || token.text === ']') stack.pop()
    else if (top !== undefined && token.text === ':') top.wantsKey = false
    else if (top !== undefined && token.text === ',') {
      top.index++
      top.wantsKey = top.kind === 'object'
      top.key = undefined
    }
  } else if (top?.kind === 'object' && top.wantsKey) {
    top.key = unquote(token)
    top.keys.push(top.key)
  }
}

const unquote = ({ kind, text }: Token): string => (kind === 'string' ? text.replace(/^"|"$/g, '') : text)

/** Strings (also ones not closed on their line), words and marks; comments and blanks are passed over. */
function* tokens(text: string): Generator<Token> {
  const pattern = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"?|[{}[\]:,]|[^\s{}[\]:,"]+/g
  for (const match of text.matchAll(pattern)) {
    const [found] = match
    if (found.startsWith('//') || found.startsWith('/*')) continue
    const kind = found.startsWith('"') ? 'string' : /^[{}[\]:,]$/.test(found) ? 'mark' : 'word'
    yield { kind, start: match.index, end: match.index + found.length, text: found }
  }
}
