// `kite probe`: which protocols a port speaks, with the evidence; nothing is called.

import type { Translator } from '../../../shared/i18n/translate.ts'
import type { ProbeReport } from '../../../shared/model/probe.ts'
import { duration } from '../arguments.ts'
import { words, type CommandModule, type Host } from '../command.ts'
import { placeOf } from '../call/endpoint.ts'
import { withEngine } from '../codec-flags.ts'
import { table } from '../table.ts'
import { addTlsFlags, tlsOf, type TlsFlags } from '../tls-flags.ts'

interface Flags extends TlsFlags {
  readonly timeout?: number
  readonly path?: string
  readonly method?: string
}

export const command: CommandModule = {
  examples: [
    { line: 'kite probe 127.0.0.1:8888', says: 'probe.cli.example.plain' },
    { line: 'kite probe 127.0.0.1:8888 --method GetUser', says: 'probe.cli.example.method' },
    { line: 'kite probe 127.0.0.1:8888 -o json', says: 'probe.cli.example.json' },
    { line: 'kite probe 127.0.0.1:8443 --cacert ca.pem --cert me.pem --key me.key', says: 'probe.cli.example.tls' },
  ],
  register(command, host) {
    addTlsFlags(command
      .argument('<address>', words('probe.cli.argument'))
      .option('--timeout <DURATION>', words('probe.cli.timeout'), duration('--timeout'))
      .option('--method <NAME>', words('probe.cli.method'))
      .option('--path <PATH>', words('probe.cli.path')))
      .action((address: string, flags: Flags) => withEngine(async (engine) => {
        const place = placeOf(address)
        const path = flags.path ?? (place.path === '' ? undefined : place.path)
        const tls = tlsOf(flags, place.secure)
        const report = await engine.probe(place.address, {
          ...(flags.timeout === undefined ? {} : { answerMs: flags.timeout }), ...(path === undefined ? {} : { path }), ...(tls === undefined ? {} : { tls }),
          ...(flags.method === undefined ? {} : { method: flags.method.slice(flags.method.lastIndexOf('/') + 1) }), signal: host.signal,
        })
        await print(report, host)
        if (report.findings.every(({ verdict }) => verdict === 'no')) host.finish(1)
      }))
  },
}

async function print(report: ProbeReport, host: Host): Promise<void> {
  const translator = await host.translator()
  if (host.output === 'json') await host.json(document(report, translator))
  else if (host.output === 'ndjson') for (const finding of document(report, translator).findings) await host.line(JSON.stringify(finding))
  else await host.line(`${rows(report, translator)}${summary(report, translator)}`)
}

const document = ({ findings, ...report }: ProbeReport, translator: Translator) => ({
  ...report, findings: findings.map(({ subject, verdict, evidence, tookMs }) => ({ subject, verdict, evidence: translator.text(evidence), tookMs: Math.round(tookMs * 10) / 10 })),
})

const rows = ({ findings }: ProbeReport, { t, text }: Translator): string => table(
  [t('probe.head.subject'), t('probe.head.verdict'), t('probe.head.took'), t('probe.head.evidence')],
  findings.map(({ subject, verdict, evidence, tookMs }) => [subject, t(`probe.verdict.${verdict}`), `${tookMs.toFixed(1)} ms`, text(evidence)]),
)

function summary({ address, findings, best, foreign }: ProbeReport, { t }: Translator): string {
  if (best !== undefined) return t('probe.cli.best', { address, transport: best.transport, codec: best.codec === undefined ? '' : ` --codec ${best.codec}` })
  if (findings.some(({ evidence }) => evidence.key === 'tls.clientCertificateRequired')) return t('probe.cli.wantsCertificate', { address })
  return foreign === undefined ? t('probe.cli.nothing', { address }) : t('probe.cli.foreign', { address, name: foreign.name, evidence: foreign.evidence })
}
