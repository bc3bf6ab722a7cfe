// When each step of starting was reached, for `test/perf`: printed on stderr when KITE_TRACE_START=1, as JSON lines of milliseconds since
// the process began.

const isOn = process.env['KITE_TRACE_START'] === '1'

/** Notes a step. */
export function mark(step: string): void {
  if (isOn) process.stderr.write(`${JSON.stringify({ mark: step, ms: Math.round((performance.now() + processAgeAtOrigin()) * 10) / 10 })}\n`)
}

/** Time between the process's creation and the clock's origin, where the system tells it. */
function processAgeAtOrigin(): number {
  const created = process.getCreationTime()
  return created === null ? 0 : Math.max(0, performance.timeOrigin - created)
}
