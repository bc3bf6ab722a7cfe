// Writes to one file happen one after the other, in the order asked for, also when one of them fails.

/** Makes a queue; each call of it starts when all before it have settled. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const next = last.then(work, work)
    last = next.then(() => undefined, () => undefined)
    return next
  }
}
