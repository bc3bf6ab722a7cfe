// Announces without knowing who listens. Listeners run in the order added; one that throws does not silence the others.

import { type Disposable, toDisposable } from './disposable.ts'

export type Listener<T> = (value: T) => void
export type Event<T> = (listener: Listener<T>) => Disposable

export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<Listener<T>>()

  readonly event: Event<T> = (listener) => {
    this.#listeners.add(listener)
    return toDisposable(() => this.#listeners.delete(listener))
  }

  fire(value: T): void {
    let failed: { thrown: unknown } | undefined
    for (const listener of [...this.#listeners]) {
      try {
        listener(value)
      } catch (thrown) {
        failed ??= { thrown }
      }
    }
    if (failed !== undefined) throw failed.thrown
  }

  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  dispose(): void {
    this.#listeners.clear()
  }
}
