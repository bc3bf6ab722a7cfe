// Which instance: what the balancer picks, or one that is pinned; and why the last call went where it went.

import type { ReactElement } from 'react'
import type { CallRecord, Target } from '../../../../shared/model/call.ts'
import type { BalancerDecision } from '../../../../shared/model/chain.ts'
import { useSlice } from '../../../store/state.ts'
import { useStores } from '../../../store/stores.ts'
import { Picker } from '../../../ui/picker.tsx'
import { useT } from '../../../ui/translation.tsx'

const autoId = ':auto'

export function InstancePicker({ tab, target, record }: { readonly tab: string; readonly target: Extract<Target, { kind: 'service' }>; readonly record: CallRecord | undefined }): ReactElement {
  const { session, registry } = useStores()
  const { t } = useT()
  const instances = useSlice(registry, (state) => state.value?.services.find(({ service }) => service === target.service)?.instances)
  const choices = [
    { id: autoId, label: t('app.instance.auto'), detail: t('app.instance.autoHint') },
    ...(instances ?? []).map(({ address, weight, tags }) => ({ id: address, label: address, detail: [`w${weight}`, ...Object.entries(tags).map(([key, value]) => `${key}=${value}`)].join(' ') })),
  ]
  const choose = (id: string): void => {
    const { pinned: _pinned, ...rest } = target
    session.change(tab, { target: id === autoId ? rest : { ...rest, pinned: id } })
  }
  const why = usePickWords(record)
  return (
    <Picker id="instance" label={t('app.instance')} choices={choices} selected={target.pinned ?? autoId} filterable={choices.length > 10} placeholder={t('app.filter')} onChoose={choose} {...(why === undefined ? {} : { title: why })}>
      <span className="faint">{t('app.instance')}</span> {target.pinned === undefined ? t('app.instance.auto') : <span className="mono">{target.pinned}</span>}
    </Picker>
  )
}

/** Why the last call went where it went: the candidates, their weights and scores, who was left out and why. */
function usePickWords(record: CallRecord | undefined): string | undefined {
  const { t, text } = useT()
  const picks = (record?.chain.nodes ?? []).flatMap(({ decision, attempt }) => (decision?.kind === 'balancer' ? [{ decision, attempt }] : []))
  const last = picks.at(-1)
  if (last === undefined) return undefined
  const line = ({ address, weight, score, excluded }: BalancerDecision['candidates'][number]): string =>
    `${address === last.decision.picked ? '→' : '  '} ${address}  ${t('app.column.weight')} ${weight}${score === undefined ? '' : `  ${t('app.column.score')} ${Number(score.toPrecision(4))}`}${excluded === undefined ? '' : `  ${text(excluded)}`}`
  return [t('app.instance.why', { picked: last.decision.picked ?? '–', policy: last.decision.policy, count: last.decision.candidates.length, revision: last.decision.revision }), ...last.decision.candidates.slice(0, 20).map(line)].join('\n')
}
