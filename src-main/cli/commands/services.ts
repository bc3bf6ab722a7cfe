// `kite services`: what a registry knows, once or as it changes.

import { fail } from '../../../shared/base/error.ts'
import type { Translator } from '../../../shared/i18n/translate.ts'
import type { Change, Instance, ServiceSnapshot } from '../../../shared/model/instance.ts'
import type { Engine, Registry } from '../../engine/index.ts'
import { words, type CommandModule, type Host } from '../command.ts'
import { errorDocument } from '../report.ts'
import { hintFor } from '../usage.ts'
import { table } from '../table.ts'

interface Flags {
  readonly registry?: string
  readonly watch?: true
}

export const command: CommandModule = {
  examples: [
    { line: 'kite services --registry etcd://127.0.0.1:2379', says: 'services.example.all' },
    { line: 'kite services demo.user --registry file:registry.yaml', says: 'services.example.one' },
    { line: 'kite services demo.user --watch -o ndjson', says: 'services.example.watch' },
  ],
  register(command, host) {
    command
      .argument('[name]', words('services.argument.name'))
      .option('--registry <URL>', words('services.flag.registry'))
      .option('--watch', words('services.flag.watch'))
      .action(async (name: string | undefined, flags: Flags) => {
        const { createEngine, systemPorts } = await import('../../engine/index.ts')
        const engine = createEngine(systemPorts())
        try {
          await run(engine, name, flags, host)
        } finally {
          await engine.dispose()
        }
      })
  },
}

async function run(engine: Engine, name: string | undefined, flags: Flags, host: Host): Promise<void> {
  const registry = await openRegistry(engine, flags, host)
  const names = await registry.services(host.signal)
  if (name !== undefined && !names.includes(name) && flags.watch !== true) {
    throw fail('service_discovery', 'discovery', 'services.notRegistered', { service: name, origin: registry.origin }, { hint: hintFor(name, names, 'kite services') })
  }
  const snapshots = await Promise.all((name === undefined ? names : [name]).map((service) => snapshotOf(registry, service, host.signal)))
  await print(snapshots, name !== undefined, registry.origin, host)
  if (flags.watch === true) await follow(registry, name === undefined ? names : [name], name === undefined, host)
}

async function openRegistry(engine: Engine, flags: Flags, host: Host): Promise<Registry> {
  if (flags.registry !== undefined) return engine.discovery.open(flags.registry)
  const context = await engine.context({ folder: host.workspace, environment: host.env })
  if (context?.registry === undefined) throw fail('usage', 'usage', 'services.noRegistry', {}, { hint: { key: 'services.noRegistryHint' } })
  return engine.discovery.open(context.registry.url, context.registry.baseDir)
}

async function snapshotOf(registry: Registry, service: string, signal: AbortSignal): Promise<ServiceSnapshot> {
  const watch = await registry.watch(service, signal)
  watch.dispose()
  return watch.snapshot
}

async function print(snapshots: readonly ServiceSnapshot[], inDetail: boolean, origin: string, host: Host): Promise<void> {
  const translator = await host.translator()
  const documents = snapshots.map((snapshot) => worded(snapshot, translator))
  if (host.output === 'json') return host.json({ services: documents })
  if (host.output === 'ndjson') {
    for (const document of documents) await host.json({ event: 'service', ...document })
    return
  }
  const { t, error } = translator
  if (snapshots.length === 0) await host.say('services.none', { origin })
  else if (inDetail) await host.write(table([t('services.head.address'), t('services.head.weight'), t('services.head.state'), t('services.head.tags')], snapshots.flatMap(instanceRows)))
  else await host.write(table([t('services.head.service'), t('services.head.instances'), t('services.head.state')], snapshots.map((each) => [each.service, String(each.instances.length), each.state])))
  for (const snapshot of snapshots) for (const problem of snapshot.problems) host.note(`${error(problem)}\n`)
}

/** With its errors as scripts read them. */
function worded({ problems, error, ...snapshot }: ServiceSnapshot, translator: Translator): object {
  return { ...snapshot, problems: problems.map((problem) => errorDocument(problem, translator)), ...(error === undefined ? {} : { error: errorDocument(error, translator) }) }
}

const instanceRows = (snapshot: ServiceSnapshot): readonly (readonly string[])[] =>
  snapshot.instances.map((instance) => [instance.address, String(instance.weight), snapshot.state, tagText(instance)])

const tagText = ({ tags }: Instance): string => Object.entries(tags).map(([key, value]) => `${key}=${value}`).join(' ')

/** Prints changes until the signal aborts; services that appear later are followed too. */
async function follow(registry: Registry, names: readonly string[], all: boolean, host: Host): Promise<void> {
  const known = new Set<string>()
  const add = async (service: string): Promise<void> => {
    if (known.has(service)) return
    known.add(service)
    const watch = await registry.watch(service, host.signal)
    watch.onDidChange((change) => void printChange(change, host))
  }
  for (const name of names) await add(name)
  if (all) (await registry.watchServices(host.signal)).onDidChange((now) => now.forEach((service) => void add(service)))
  await new Promise<void>((resolve) => {
    host.signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

async function printChange({ service, added, updated, removed, snapshot }: Change, host: Host): Promise<void> {
  const changes = [['added', added], ['updated', updated], ['removed', removed]] as const
  const time = new Date(snapshot.seenAtMs).toISOString()
  for (const [event, instances] of changes) {
    for (const instance of instances) {
      if (host.output === 'text') await host.line(`${time} ${{ added: '+', updated: '~', removed: '-' }[event]} ${service} ${instance.address} w${instance.weight} ${tagText(instance)}`.trimEnd())
      else await host.json({ event, service, instance, revision: snapshot.revision, state: snapshot.state, atMs: snapshot.seenAtMs })
    }
  }
  if (added.length + updated.length + removed.length > 0) return
  if (host.output === 'text') await host.line(`${time} ! ${service} ${snapshot.state}`)
  else await host.json({ event: 'state', service, state: snapshot.state, revision: snapshot.revision, atMs: snapshot.seenAtMs })
}
