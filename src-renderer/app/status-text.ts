// Words for the state of the receiver and the registry, shared by the title bar and the status bar.

import type { RegistryView } from '../../shared/ipc/streams.ts'
import type { ReceiverStatus } from '../../shared/model/trace.ts'
import type { Translator } from '../../shared/i18n/translate.ts'
import type { Health } from '../ui/badge.tsx'

type T = Translator['t']

export interface StateText { readonly label: string; readonly health: Health; readonly hint: string }

const portOf = (address: string): string => address.slice(address.lastIndexOf(':') + 1)

export function receiverText(status: ReceiverStatus | undefined, t: T): StateText {
  if (status === undefined) return { label: 'OTLP', health: 'off', hint: t('app.receiver.unknown') }
  const { grpc, http } = status
  const open = [grpc, http].flatMap((port) => (port.state === 'listening' ? [portOf(port.address)] : []))
  const taken = [grpc, http].find((port) => port.state === 'taken')
  if (taken?.state === 'taken') return { label: `OTLP ${taken.wanted}`, health: 'warn', hint: t('app.receiver.taken', { wanted: taken.wanted, next: taken.next }) }
  if (open.length === 0) return { label: 'OTLP', health: 'off', hint: t('app.receiver.off') }
  return { label: `OTLP ${open[0] ?? ''}`, health: 'ok', hint: t('app.receiver.listening', { ports: open.join(', ') }) }
}

export function registryHealth(view: RegistryView | undefined): Health {
  switch (view?.state) {
    case 'live': return 'ok'
    case 'stale': case 'connecting': return 'warn'
    case 'failed': return 'fail'
    default: return 'off'
  }
}
