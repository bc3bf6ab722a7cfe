// A part of the engine that is made when it is first asked for, once; a failed start is tried again by the next who asks.

export class Lazy<T> {
  readonly #make: () => Promise<T>
  #made: Promise<T> | undefined

  constructor(make: () => Promise<T>) {
    this.#make = make
  }

  get(): Promise<T> {
    this.#made ??= this.#make().catch((caught: unknown) => {
      this.#made = undefined
      throw caught
    })
    return this.#made
  }

  /** Whether anybody has asked for it. */
  get begun(): boolean {
    return this.#made !== undefined
  }

  /** The part if anybody has asked for it, without making it. */
  opened(): Promise<T | undefined> {
    return this.#made === undefined ? Promise.resolve(undefined) : this.#made.catch(() => undefined)
  }

  async dispose(): Promise<void> {
    const made = await this.opened()
    this.#made = undefined
    if (isDisposable(made)) await made.dispose()
  }
}

const isDisposable = (value: unknown): value is { dispose(): void | Promise<void> } => typeof value === 'object' && value !== null && 'dispose' in value && typeof value.dispose === 'function'
