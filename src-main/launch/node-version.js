// Said before anything else is loaded: an old Node would fail later with a message about syntax.

const wanted = [20, 19]

export function nodeIsNewEnough(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > wanted[0] || (major === wanted[0] && minor >= wanted[1])
}

export const wantedNode = wanted.join('.')
