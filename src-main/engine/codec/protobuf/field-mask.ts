// FieldMask paths as one text in lowerCamelCase and back (google/protobuf/field_mask.proto). Only names that survive both ways have that form.

/** `userName,photo.smallUrl`, or undefined when a path would not come back the same. */
export function fieldMaskText(paths: readonly string[]): string | undefined {
  const texts = paths.map((path) => path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()))
  return paths.every((path, i) => !path.includes(',') && snake(texts[i] ?? '') === path) && !(paths.length === 1 && paths[0] === '') ? texts.join(',') : undefined
}

const snake = (text: string): string | undefined => (text.includes('_') ? undefined : text.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))

/** Paths of a text, or undefined when it is none. */
export function readFieldMask(text: string): readonly string[] | undefined {
  if (text === '') return []
  const paths: string[] = []
  for (const part of text.split(',')) {
    const path = snake(part.trim())
    if (path === undefined) return undefined
    paths.push(path)
  }
  return paths
}
