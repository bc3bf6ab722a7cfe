// The names of the contract without its schemas: the preload script checks against these and must stay a few kB, so zod may not come
// along. The types make the lists exact: a channel that is missing here, or one too many, does not compile.

import type { ChannelName } from './contract.ts'
import type { StreamName } from './streams.ts'

const channels: Readonly<Record<ChannelName, true>> = {
  'app.info': true,
  'app.setSettings': true,
  'app.setLayout': true,
  'app.copyText': true,
  'app.pickIdl': true,
  'app.pickFolder': true,
  'app.pickSave': true,
  'workspace.state': true,
  'workspace.open': true,
  'workspace.openDemo': true,
  'workspace.setEnvironment': true,
  'workspace.addIdl': true,
  'workspace.addIdlText': true,
  'workspace.addServerIdl': true,
  'workspace.refreshIdl': true,
  'workspace.removeIdl': true,
  'workspace.saveCall': true,
  'workspace.deleteCall': true,
  'workspace.loadDrafts': true,
  'workspace.saveDrafts': true,
  'idl.load': true,
  'idl.example': true,
  'probe.run': true,
  'history.list': true,
  'history.get': true,
  'history.clear': true,
  'stream.send': true,
  'stream.sendFile': true,
  'stream.closeSend': true,
  'stream.pause': true,
  'stream.resume': true,
  'stream.setCountOnly': true,
  'stream.state': true,
  'stream.read': true,
  'stream.search': true,
  'stream.forget': true,
  'trace.list': true,
  'trace.get': true,
  'receiver.start': true,
  'receiver.stop': true,
  'mock.start': true,
  'mock.stop': true,
  'mock.list': true,
}

const streams: Readonly<Record<StreamName, true>> = {
  'call.run': true,
  'stream.watch': true,
  'stream.export': true,
  'reply.save': true,
  'workspace.watch': true,
  'idl.watch': true,
  'discovery.watch': true,
  'trace.live': true,
  'receiver.watch': true,
  'mock.watch': true,
  'mock.hits': true,
}

/** Is this text a request channel of the contract. */
export const isChannelName = (name: unknown): name is ChannelName => typeof name === 'string' && Object.hasOwn(channels, name)

/** Is this text a stream of the contract. */
export const isStreamName = (name: unknown): name is StreamName => typeof name === 'string' && Object.hasOwn(streams, name)
