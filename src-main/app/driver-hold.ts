// Chromium 130 can hang for good when a debugger attaches while a window is on its first navigation (seen in about 1 of 10 starts on a busy
// machine). A test driver therefore asks to attach first: with KITE_HOLD_WINDOW=1 the window waits for Playwright's own start signal,
// which it evaluates in this process once it is connected.

const longestMs = 20_000

/** Resolves at once unless a test driver asked to attach first. */
export function driverAttached(): Promise<void> {
  if (process.env['KITE_HOLD_WINDOW'] !== '1') return Promise.resolve()
  return new Promise((resolve) => {
    setTimeout(resolve, longestMs)
    Object.assign(globalThis, { __playwright_run: resolve })
  })
}
