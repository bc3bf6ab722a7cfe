// Does an entry hold a text, regardless of case. A whole block is looked at first, since most blocks hold no hit.

import type { StreamEntry } from '../../../shared/model/stream.ts'

export interface Matcher {
  /** False: no entry of these lines matches. */
  mayBeIn(lines: string): boolean
  matches(entry: StreamEntry): boolean
}

export function matcherOf(text: string): Matcher {
  const wanted = text.toLowerCase()
  const has = (whole: string): boolean => whole.toLowerCase().includes(wanted)
  // Header pairs stand in the lines as JSON strings.
  const quoted = JSON.stringify(wanted).slice(1, -1)
  return {
    mayBeIn: (lines) => {
      const lower = lines.toLowerCase()
      return lower.includes(wanted) || lower.includes(quoted)
    },
    matches: (entry) => {
      switch (entry.event) {
        case 'send': case 'message':
          return has(entry.json)
        case 'header': case 'trailer':
          return entry.pairs.some(([key, value]) => has(key) || has(value))
        case 'unreadable': case 'half-close': case 'stall': case 'end':
          return false
      }
    },
  }
}
