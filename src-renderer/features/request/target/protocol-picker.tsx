// How it travels: only what can carry this method, transport and codec in one choice. Where `auto` stands, what the last call used stands beside it.

import { useMemo, type ReactElement } from 'react'
import type { CallRecord, CallRequest } from '../../../../shared/model/call.ts'
import { findMethod } from '../../../store/actions.ts'
import { useSlice } from '../../../store/state.ts'
import { useStores } from '../../../store/stores.ts'
import { Picker } from '../../../ui/picker.tsx'
import { useT } from '../../../ui/translation.tsx'
import { calleeOf, choicesFor, readProtocolId, selectedId } from '../protocol-choices.ts'
import { codecLabel, transportLabel } from '../transport-label.ts'

export function ProtocolPicker({ tab, request, record }: { readonly tab: string; readonly request: CallRequest; readonly record: CallRecord | undefined }): ReactElement {
  const { session, idl } = useStores()
  const { t } = useT()
  const set = useSlice(idl, (state) => state.value)
  const callee = useMemo(() => calleeOf(request, findMethod(set, request.method)), [request, set])
  const { transport, codec } = request
  // What the last call used stands beside `auto` while it is the same call that would be sent.
  const used = transport === 'auto' && record !== undefined && isSameCall(record.request, request) ? record : undefined
  return (
    <Picker
      id="transport" label={t('app.transport')} selected={selectedId(request, callee)}
      choices={choicesFor(callee, t)}
      onChoose={(id) => session.change(tab, readProtocolId(id))}
    >
      {transportLabel(transport, t)}
      {transport !== 'auto' && codec !== 'auto' && <span className="faint picker-more"> · {codecLabel(codec)}</span>}
      {used !== undefined && <span className="faint picker-more"> · {transportLabel(used.transport, t)}</span>}
    </Picker>
  )
}

const isSameCall = (one: CallRequest, other: CallRequest): boolean => one.method === other.method && JSON.stringify(one.target) === JSON.stringify(other.target)
