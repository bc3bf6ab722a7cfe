// Whether a connection's path may be gone though its socket is not, as after a laptop's sleep or a lost VPN: somebody gave up waiting and nothing at all
// has come meanwhile. A PING asks; until anything comes, new streams go elsewhere.

/** Silence of this length, in ms, before somebody gave up makes doubt, whatever came on the stream before. */
const silentMs = 1000

/** Any eight bytes; its answer counts as anything that comes does. */
export const doubtPing = Buffer.from('6b6974652d6f6b3f', 'hex')

export class Doubt {
  #heardAt = performance.now()
  #isDoubtful = false

  get isDoubtful(): boolean {
    return this.#isDoubtful
  }

  /** Something came. */
  heard(): void {
    this.#heardAt = performance.now()
    this.#isDoubtful = false
  }

  /** Somebody gave up a stream that began then; true when that makes doubt, and the PING is to go. */
  gaveUp(beganAt: number): boolean {
    if (this.#isDoubtful || (this.#heardAt > beganAt && performance.now() - this.#heardAt < silentMs)) return false
    this.#isDoubtful = true
    return true
  }
}
