// The window as a page in a browser, for machines without a display. The address, with its token that works once, is the result.

import { spawn } from 'node:child_process'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fail } from '../../../shared/base/error.ts'
import { type HostAbilities, platformOf } from '../../host/abilities.ts'
import { words, type CommandModule, type Host } from '../command.ts'
import { usage } from '../usage.ts'

interface Flags {
  readonly listen: string
  readonly demo?: boolean
  readonly allowRemote?: boolean
  readonly open?: boolean
}

export const command: CommandModule = {
  examples: [
    { line: 'kite serve', says: 'workspace.cli.example.serve' },
    { line: 'kite serve --demo --open', says: 'workspace.cli.example.serveDemo' },
    { line: 'kite serve -C shop --listen 127.0.0.1:7700', says: 'workspace.cli.example.serveWorkspace' },
  ],
  register(command, host) {
    command
      .option('--listen <HOST:PORT>', words('workspace.cli.flag.listen'), '127.0.0.1:0')
      .option('--demo', words('workspace.cli.flag.demo'))
      .option('--allow-remote', words('workspace.cli.flag.allowRemote'))
      .option('--open', words('workspace.cli.flag.open'))
      .action((flags: Flags) => serve(host, flags))
  },
}

async function serve(host: Host, flags: Flags): Promise<void> {
  const { host: name, port } = parseListen(flags.listen)
  const [{ openHost }, { startPageServer }, { rendererFolder }, { dataFolder }] = await Promise.all([
    import('../../host/open-host.ts'), import('../../host/page-server.ts'), import('../../host/renderer-files.ts'), import('../../host/data-folder.ts'),
  ])
  const translator = await host.translator()
  const opened = await openHost({
    dataDir: dataFolder(process.env, process.platform),
    abilities: pageAbilities(host),
    workspace: host.workspace ?? (await nearestWorkspace(flags)),
    demo: flags.demo === true,
    warn: (message) => host.note(message),
  })
  try {
    const server = await startPageServer({
      host: name,
      port,
      allowRemote: flags.allowRemote === true,
      rendererFolder: rendererFolder(dirname(fileURLToPath(import.meta.url))),
      openSession: opened.openSession,
      refusal: translator.t('workspace.addressUsed'),
    })
    const problem = await opened.opened
    if (problem !== undefined) host.note(translator.error(problem))
    if (host.output === 'text') await host.line(server.address)
    else await host.json({ event: 'listening', address: server.address })
    await host.say('workspace.cli.serving')
    if (flags.allowRemote === true) await host.warn('workspace.cli.remote')
    if (flags.open === true) openBrowser(server.address)
    await stopped(host.signal)
    await server.close()
  } finally {
    await opened.dispose()
  }
}

function parseListen(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  if (host === undefined || port > 65_535) throw usage('workspace.badListen', { value: text }, { key: 'workspace.badListenHint' })
  return { host, port }
}

/** Without `-C`, the workspace that one stands in, as for every command. */
async function nearestWorkspace({ demo }: Flags): Promise<string | undefined> {
  if (demo === true) return undefined
  const { createEngine, systemPorts } = await import('../../engine/index.ts')
  const engine = createEngine(systemPorts())
  const context = await engine.context({ folder: undefined, environment: undefined })
  await engine.dispose()
  return context?.root
}

function pageAbilities(host: Host): HostAbilities {
  const noDialog = (): Promise<never> => Promise.reject(fail('unsupported', 'ipc', 'workspace.noDialog', {}, { hint: { key: 'workspace.noDialogHint' } }))
  return {
    info: { version: host.version, runtime: `Node ${process.versions.node}`, host: 'page', platform: platformOf(process.platform), language: host.language },
    copyText: noDialog,
    pickIdl: noDialog,
    pickFolder: noDialog,
    pickSave: noDialog,
  }
}

const browserCommands: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] }

/** A browser that cannot be started is no failure: the address is printed. */
function openBrowser(address: string): void {
  const [program = 'xdg-open', ...args] = browserCommands[process.platform] ?? []
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

async function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
