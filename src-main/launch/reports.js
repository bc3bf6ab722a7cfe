// What a test runner's report says: how many passed, failed and were skipped, and which failed, with the first line of why. Shapes:
// Vitest's `--reporter=json` (Jest's) and Playwright's `json` reporter.

const firstLine = (text = '') => text.replace(/\u001B\[[\d;]*m/g, '').split('\n').find((line) => line.trim() !== '')?.trim() ?? ''

/** `root` is cut from file names. A file that could not be loaded counts as one failure. */
export function ofVitest(report, root) {
  const place = ({ name }) => (name.startsWith(root) ? name.slice(root.length + 1) : name)
  const failures = report.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed')
    if (failed.length === 0 && file.status === 'failed') return [{ test: place(file), why: firstLine(file.message) }]
    return failed.map((each) => ({ test: `${place(file)} > ${each.fullName}`, why: firstLine(each.failureMessages[0]) }))
  })
  return { passed: report.numPassedTests, failed: failures.length, skipped: report.numPendingTests + report.numTodoTests, failures }
}

export function ofPlaywright({ stats, errors, suites }) {
  const noTests = stats.expected + stats.unexpected === 0 && errors.every(({ message }) => /No tests found/.test(message ?? ''))
  const outside = noTests ? [] : errors.map(({ message }) => ({ test: 'playwright', why: firstLine(message) }))
  const failures = [...suites.flatMap((suite) => unexpected(suite, [])), ...outside]
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected + outside.length, skipped: stats.skipped, noTests, failures }
}

function unexpected(suite, above) {
  const titles = [...above, suite.title]
  const here = suite.specs.flatMap((spec) => spec.tests.filter(({ status }) => status === 'unexpected').map(({ results }) => ({
    test: [...titles, spec.title].join(' > '), why: firstLine(results.at(-1)?.error?.message),
  })))
  return [...here, ...(suite.suites ?? []).flatMap((inner) => unexpected(inner, titles))]
}
