// A service has the same colour in every view. The hue comes from a hash of its name; where two services of one set would get the same
// hue, or adjoining ones on the wheel, the later one by name moves on to the freest hue.

/** Twelve hues of equal lightness and chroma (look.md); degrees of OKLCH. */
export const serviceHues = [250, 155, 300, 60, 20, 200, 335, 110, 275, 180, 85, 225] as const

/** FNV-1a, 32 bits. */
export function hashName(name: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0
  return hash
}

/** The hue that a service would like. */
export const serviceHue = (name: string): number => serviceHues[hashName(name) % serviceHues.length] ?? serviceHues[0]

/** Hues for a set of services seen together; the same set gives the same hues, in whatever order it comes. */
export function assignServiceHues(names: Iterable<string>): ReadonlyMap<string, number> {
  const taken = new Map<number, number>()
  const assigned = new Map<string, number>()
  for (const name of [...new Set(names)].sort()) {
    const hue = freest(serviceHue(name), taken)
    taken.set(hue, (taken.get(hue) ?? 0) + 1)
    assigned.set(name, hue)
  }
  return assigned
}

function freest(wanted: number, taken: ReadonlyMap<number, number>): number {
  const uses = (hue: number): number => taken.get(hue) ?? 0
  const least = Math.min(...serviceHues.map(uses))
  if (uses(wanted) === least) return wanted
  const free = serviceHues.filter((hue) => uses(hue) === least)
  const distance = (hue: number): number => Math.min(...[...taken.keys()].map((other) => Math.min(Math.abs(hue - other), 360 - Math.abs(hue - other))))
  return free.reduce((best, hue) => (distance(hue) > distance(best) ? hue : best), free[0] ?? wanted)
}
