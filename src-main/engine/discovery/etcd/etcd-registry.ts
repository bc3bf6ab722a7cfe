// Kitex services in etcd, live: one range read, then a watch from that revision. When the stream breaks the list is kept as stale and a
// new session is tried until one holds; a new client each time, since etcd3's own circuit breaker and channel back-off wait far longer.

import { setTimeout as sleep } from 'node:timers/promises'
import { Etcd3, type IKeyValue, type Lease, type Watcher } from 'etcd3'
import { fail, KiteError, type ErrorData } from '../../../../shared/base/error.ts'
import { writeInstance } from '../instance-value.ts'
import { Mirror } from '../mirror.ts'
import type { Registration, Registry, RegistryEntry, ServicesWatch, ServiceWatch } from '../registry.ts'
import { EtcdTables } from './etcd-tables.ts'
import { keyOf, parseEtcdUrl, type EtcdAddress } from './etcd-url.ts'

const answerMs = 2000
const retryMs = 250
/** Kitex's lease (registry-etcd): seconds. */
const leaseSeconds = 60

export class EtcdRegistry implements Registry {
  readonly origin: string
  readonly #address: EtcdAddress
  readonly #mirror: Mirror
  readonly #life = new AbortController()
  #running: Promise<void> | undefined
  /** Settles when the first session is up or has failed. */
  #first: Promise<void> | undefined
  #lastError: ErrorData | undefined

  constructor(url: string) {
    this.#address = parseEtcdUrl(url)
    this.origin = this.#address.origin
    this.#mirror = new Mirror(this.origin, Date.now)
  }

  async services(signal: AbortSignal): Promise<readonly string[]> {
    await this.#ready(signal)
    return this.#mirror.services
  }

  async watch(service: string, signal: AbortSignal): Promise<ServiceWatch> {
    await this.#ready(signal)
    return this.#mirror.watch(service)
  }

  async watchServices(signal: AbortSignal): Promise<ServicesWatch> {
    await this.#ready(signal)
    return this.#mirror.watchServices()
  }

  async register(entry: RegistryEntry, signal: AbortSignal): Promise<Registration> {
    if (entry.service.includes('/')) throw fail('usage', 'discovery', 'discovery.slashInService', { service: entry.service })
    signal.throwIfAborted()
    const registration = new EtcdRegistration(connect(this.#address), keyOf(this.#address.prefix, entry.service, entry.address), writeInstance(entry))
    try {
      await registration.hold()
    } catch (caught) {
      await registration.deregister()
      throw unreachable(this.origin, caught)
    }
    return registration
  }

  dispose(): void {
    this.#life.abort()
    this.#mirror.dispose()
  }

  async #ready(signal: AbortSignal): Promise<void> {
    this.#start()
    await Promise.race([this.#first, aborted(signal)])
    signal.throwIfAborted()
    if (this.#mirror.state === 'failed') throw new KiteError(this.#lastError ?? unreachable(this.origin, undefined).data)
  }

  #start(): void {
    if (this.#running !== undefined) return
    this.#first = new Promise((settled) => {
      this.#running = this.#run(settled)
    })
  }

  /** Sessions, one after the other, until disposed. */
  async #run(onSettled: () => void): Promise<void> {
    while (!this.#life.signal.aborted) {
      const client = connect(this.#address)
      try {
        await this.#session(client, onSettled)
      } catch (caught) {
        this.#lastError = unreachable(this.origin, caught).data
        this.#mirror.lose(this.#lastError)
      } finally {
        client.close()
        onSettled()
      }
      await sleep(retryMs, undefined, { signal: this.#life.signal, ref: false }).catch(() => undefined)
    }
  }

  /** Returns only by throwing (the stream broke) or when disposed. */
  async #session(client: Etcd3, onUp: () => void): Promise<void> {
    const tables = new EtcdTables(this.#address.prefix)
    const prefix = `${this.#address.prefix}/`
    const range = await client.getAll().prefix(prefix).exec()
    for (const pair of range.kvs) tables.put(pair.key.toString(), pair.value.toString())
    const watching = client.watch().prefix(prefix).startRevision(String(BigInt(range.header.revision) + 1n)).create()
    const watcher = await Promise.race([watching, tooLate()])
    this.#mirror.setAll(tables.all())
    onUp()
    const changed = (service: string | undefined): void => {
      if (service !== undefined) this.#mirror.setOne(service, tables.table(service))
    }
    watcher.on('put', (pair: IKeyValue) => changed(tables.put(pair.key.toString(), pair.value.toString())))
    watcher.on('delete', (pair: IKeyValue) => changed(tables.delete(pair.key.toString())))
    await broken(watcher, this.#life.signal)
  }
}

/** A key under a lease, put anew whenever the lease is lost, as Kitex's registry does. */
class EtcdRegistration implements Registration {
  readonly #client: Etcd3
  readonly #key: string
  readonly #value: string
  readonly #life = new AbortController()
  #lease: Lease | undefined

  constructor(client: Etcd3, key: string, value: string) {
    this.#client = client
    this.#key = key
    this.#value = value
  }

  async hold(): Promise<void> {
    const lease = this.#client.lease(Number(process.env['KITEX_ETCD_REGISTRY_LEASE_TTL'] ?? leaseSeconds))
    this.#lease = lease
    lease.on('lost', () => void this.#holdAgain())
    await lease.put(this.#key).value(this.#value).exec()
  }

  async deregister(): Promise<void> {
    this.#life.abort()
    await this.#lease?.revoke({ deadline: Date.now() + answerMs }).catch(() => this.#lease?.release())
    this.#client.close()
  }

  async #holdAgain(): Promise<void> {
    while (!this.#life.signal.aborted) {
      const held = await this.hold().then(() => true, () => false)
      if (held) return
      await sleep(1000, undefined, { signal: this.#life.signal, ref: false }).catch(() => undefined)
    }
  }
}

async function tooLate(): Promise<never> {
  await sleep(answerMs, undefined, { ref: false })
  throw new Error(`no answer within ${answerMs} ms`)
}

function connect({ hosts, auth }: EtcdAddress): Etcd3 {
  return new Etcd3({
    hosts: [...hosts],
    dialTimeout: answerMs,
    ...(auth === undefined ? {} : { auth }),
    // A stream lives on; only single questions have a deadline.
    defaultCallOptions: (context) => (context.isStream ? {} : { deadline: Date.now() + answerMs }),
  })
}

function broken(watcher: Watcher, life: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    watcher.on('disconnected', (caught: unknown) => reject(caught instanceof Error ? caught : new Error('disconnected')))
    watcher.on('error', reject)
    watcher.on('end', () => reject(new Error('watch ended')))
    life.addEventListener('abort', () => resolve(), { once: true })
  })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** grpc-js wraps what the socket said: `14 UNAVAILABLE: No connection established. Last error: Error: connect ECONNREFUSED … Resolution note: `. */
function plainCause(message: string): string {
  const inner = /Last error: (?:Error: )?(.*?)\.? Resolution note:/s.exec(message)?.[1] ?? message.replace(/^\d+ [A-Z_]+: /, '')
  return inner.slice(0, 300)
}

function unreachable(origin: string, caught: unknown): KiteError {
  const cause = caught instanceof Error ? plainCause(caught.message) : ''
  return fail('service_discovery', 'discovery', 'discovery.unreachable', { origin, cause }, { hint: { key: 'discovery.unreachableHint' } })
}
