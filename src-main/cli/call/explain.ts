// What `-v`, `--bytes`, `--stats`, `--meta-backward` and `--cross-check` add, on stderr, so that stdout stays the reply alone.

import type { CallRecord } from '../../../shared/model/call.ts'
import type { Host } from '../command.ts'
import type { CallFlags } from './flags.ts'
import { hexLines } from './hex.ts'
import { ladderLines } from './ladder.ts'
import { statsOf, statsParams } from './stats.ts'

export async function explain(host: Host, record: CallRecord, flags: CallFlags): Promise<void> {
  const translator = await host.translator()
  for (const warning of record.warnings) host.note(translator.t('call.cli.warning', { text: translator.error(warning) }))
  if (host.verbose) for (const line of ladderLines(record, translator)) host.note(line)
  if (flags.metaBackward === true || host.verbose) for (const [key, value] of record.metainfo.backward) host.note(translator.t('call.cli.backward', { key, value }))
  if (flags.stats === true) host.note(translator.t('call.cli.stats', statsParams(statsOf(record))))
  if (flags.bytes === true) {
    for (const view of record.byteViews) {
      host.note(translator.t(view.direction === 'sent' ? 'call.cli.bytesSent' : 'call.cli.bytesReceived', { attempt: view.attempt, count: view.length }))
      for (const line of hexLines(view)) host.note(line)
    }
  }
  if (record.crossCheck === undefined) return
  const { agreed, differences } = record.crossCheck
  host.note(translator.t(agreed ? 'call.cli.crossAgreed' : 'call.cli.crossDiffers', { count: differences.length }))
  for (const { path, ours, theirs } of differences) host.note(translator.t('call.cli.crossDifference', { path, ours, theirs }))
}
