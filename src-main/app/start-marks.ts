// When each step of starting was reached, for `test/perf`: printed on stderr when KITE_TRACE_START=1, as JSON lines. `ms` counts from
// Node's start in this process, a few tens of ms after the spawn; `at` is the wall clock, for whoever knows when it spawned.

import type { WebContents } from 'electron'

const isOn = process.env['KITE_TRACE_START'] === '1'

/** Notes a step; `at` is the wall clock in milliseconds where somebody else saw it. */
export function mark(step: string, at = Date.now()): void {
  if (isOn) process.stderr.write(`${JSON.stringify({ mark: step, ms: Math.round((at - performance.timeOrigin) * 10) / 10, at: Math.round(at) })}\n`)
}

/** Notes the steps that only the page sees: its first paint, and when a body editor can be typed into. */
export function markPage(contents: WebContents): void {
  if (!isOn) return
  contents.once('dom-ready', () => {
    for (const [type, step] of [['paint', 'first-contentful-paint'], ['mark', 'editor usable']] as const) {
      contents.executeJavaScript(whenSeen(type, step)).then((at: unknown) => { if (typeof at === 'number') mark(step, at) }, () => undefined)
    }
  })
}

/** Script for the page: the wall clock of the first entry of that name, also of one that was before. */
const whenSeen = (type: string, name: string): string => `new Promise((resolve) => new PerformanceObserver((list) => {
  const [first] = list.getEntriesByName(${JSON.stringify(name)})
  if (first !== undefined) resolve(performance.timeOrigin + first.startTime)
}).observe({ type: ${JSON.stringify(type)}, buffered: true }))`
