// Whether a connection's path may be gone though its socket is not, as after a laptop's sleep or a lost VPN: somebody gave up waiting and nothing at all
// has come meanwhile. Connections that several share ask it, since those of one call end with it: until anything comes, new calls go elsewhere.

/** Silence of this length, in ms, before somebody gave up makes doubt, whatever came before it. */
const silentMs = 1000

export class Doubt {
  readonly #patientMs: number
  #heardAt = performance.now()
  /** Who gave up since anything came. */
  #givenUp = 0
  #isDoubtful = false

  /** `patientMs`: who gives up sooner makes no doubt alone. For protocols that cannot ask whether the peer is there. */
  constructor(patientMs = 0) {
    this.#patientMs = patientMs
  }

  get isDoubtful(): boolean {
    return this.#isDoubtful
  }

  /** Something came. */
  heard(): void {
    this.#heardAt = performance.now()
    this.#givenUp = 0
    this.#isDoubtful = false
  }

  /** Somebody gave up who had waited since `beganAt` (monotonic clock); true when that makes doubt. */
  gaveUp(beganAt: number): boolean {
    const now = performance.now()
    if (this.#isDoubtful || (this.#heardAt > beganAt && now - this.#heardAt < silentMs)) return false
    this.#givenUp++
    this.#isDoubtful = this.#givenUp > 1 || now - beganAt >= this.#patientMs
    return this.#isDoubtful
  }
}
