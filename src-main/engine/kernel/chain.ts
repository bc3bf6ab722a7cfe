// Folds middlewares into one endpoint, from the right. Without an observer a step costs one closure made here and nothing per call;
// with one, the observer wraps each step and sees what goes in, what is passed on, what comes back and what is returned.

import type { Endpoint, Middleware } from './endpoint.ts'

/** Sees each step of a chain without the step knowing. */
export interface Observer {
  wrap(step: Middleware, index: number, next: Endpoint): Endpoint
}

/** The chain as one endpoint. Skipped steps exist only for an observer. */
export function compose(steps: readonly Middleware[], terminal: Endpoint, observer?: Observer): Endpoint {
  let endpoint = terminal
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    const step = steps[index]
    if (step === undefined) continue
    if (observer !== undefined) endpoint = observer.wrap(step, index, endpoint)
    else if (step.skipped === undefined) endpoint = bind(step, endpoint)
  }
  return endpoint
}

const bind = (step: Middleware, next: Endpoint): Endpoint => (ctx) => step.call(ctx, next)

/** A step that is there to say why it did nothing. */
export const skippedStep = (step: Pick<Middleware, 'kind' | 'name' | 'source'>, why: NonNullable<Middleware['skipped']>): Middleware => ({
  ...step,
  skipped: why,
  call: (ctx, next) => next(ctx),
})
