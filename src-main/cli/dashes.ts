// Makes one spelling of many: one dash before a long name (`-idl-path x`, Go's habit) and a command's aliases become the long
// flag with two dashes. Short flags stay as they are.

/** `known` are long names without dashes; `aliases` map other names, long or one letter, to known ones. */
export function normaliseFlags(argv: readonly string[], known: ReadonlySet<string>, aliases: Readonly<Record<string, string>>, takesValue: (flag: string) => boolean): string[] {
  const out: string[] = []
  for (let n = 0; n < argv.length; n += 1) {
    const arg = argv[n] ?? ''
    if (arg === '--') return [...out, ...argv.slice(n)]
    const flag = normaliseOne(arg, known, aliases)
    out.push(flag)
    const value = argv[n + 1]
    if (takesValue(flag) && value !== undefined) {
      out.push(value)
      n += 1
    }
  }
  return out
}

function normaliseOne(arg: string, known: ReadonlySet<string>, aliases: Readonly<Record<string, string>>): string {
  const parts = /^(--?)([A-Za-z][\w-]*)(=[\s\S]*)?$/.exec(arg)
  const name = parts?.[2]
  if (name === undefined) return arg
  const value = parts?.[3] ?? ''
  const aliased = aliases[name]
  if (aliased !== undefined) return `--${aliased}${value}`
  if (name.length > 1 && (known.has(name) || known.has(name.replace(/^no-/, '')))) return `--${name}${value}`
  return arg
}
