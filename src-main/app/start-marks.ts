// When each step of starting was reached, for `test/perf`: printed on stderr when KITE_TRACE_START=1, as JSON lines. `ms` counts from
// Node's start in this process, a few tens of ms after the spawn; `at` is the wall clock, for whoever knows when it spawned.

const isOn = process.env['KITE_TRACE_START'] === '1'

/** Notes a step. */
export function mark(step: string): void {
  if (isOn) process.stderr.write(`${JSON.stringify({ mark: step, ms: Math.round(performance.now() * 10) / 10, at: Date.now() })}\n`)
}
