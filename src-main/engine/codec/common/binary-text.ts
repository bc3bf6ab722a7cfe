// Base64 as people and programs write it: either alphabet, padded or not (cli.md "Values as JSON").

const base64 = /^(?:[A-Za-z0-9+/]*|[A-Za-z0-9_-]*)(={0,2})$/

/** Bytes of base64 text, or undefined when it is none. */
export function readBase64(text: string): Buffer | undefined {
  const match = base64.exec(text)
  if (match === null) return undefined
  const padding = match[1]?.length ?? 0
  const length = text.length - padding
  if (length % 4 === 1 || (padding > 0 && text.length % 4 !== 0)) return undefined
  return Buffer.from(text, 'base64')
}
