// A demo that was killed leaves its instances in the registry file. Before new ones are written, those of the shop that nobody listens at
// any more are taken out; a second demo that runs is left alone.

import type { Registry } from '../discovery/registry.ts'
import { listens } from '../listens.ts'

const answerMs = 300

export async function removeStale(registry: Registry, services: readonly string[], signal: AbortSignal): Promise<void> {
  for (const service of services) {
    const watch = await registry.watch(service, signal)
    const { instances } = watch.snapshot
    watch.dispose()
    for (const { address, weight, tags } of instances) {
      if (await listens(address, answerMs)) continue
      // Registering what stands there already changes nothing; its end takes it out.
      await (await registry.register({ service, address, weight, tags }, signal)).deregister()
    }
  }
}
