// Whoever makes a thing with a life (watch, socket, listener) disposes it.

export interface Disposable {
  dispose(): void
}

export const toDisposable = (dispose: () => void): Disposable => ({ dispose })

/** Disposes all of its members, last added first; adding to a disposed group disposes at once. */
export class DisposableGroup implements Disposable {
  readonly #members = new Set<Disposable>()
  #disposed = false

  add<T extends Disposable>(member: T): T {
    if (this.#disposed) member.dispose()
    else this.#members.add(member)
    return member
  }

  dispose(): void {
    this.#disposed = true
    for (const member of [...this.#members].reverse()) member.dispose()
    this.#members.clear()
  }
}
