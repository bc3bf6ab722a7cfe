// What the ports that were asked speak, by address: kept until asked again, so that a closed pop-up opens with its answer.

import { createStore } from 'zustand/vanilla'
import type { ErrorData } from '../../shared/base/error.ts'
import type { TlsRequest } from '../../shared/model/call.ts'
import type { ProbeReport } from '../../shared/model/probe.ts'
import type { Platform } from '../platform/client.ts'
import type { Slice } from './state.ts'

export interface Probe {
  readonly phase: 'running' | 'done'
  readonly report?: ProbeReport
  readonly error?: ErrorData
}

export interface ProbesState { readonly byAddress: Readonly<Record<string, Probe>> }

export interface ProbesStore extends Slice<ProbesState> {
  /** `method`: of the server, which tells Thrift from Protobuf. `tls`: as the call would have it; without, it is found out. */
  run(address: string, method: string | undefined, tls?: TlsRequest): Promise<void>
}

export function createProbesStore(platform: Platform): ProbesStore {
  const store = createStore<ProbesState>(() => ({ byAddress: {} }))
  const put = (address: string, probe: Probe): void => store.setState(({ byAddress }) => ({ byAddress: { ...byAddress, [address]: probe } }))
  return {
    store,
    run: async (address, method, tls) => {
      if (store.getState().byAddress[address]?.phase === 'running') return
      put(address, { phase: 'running' })
      const answer = await platform.request('probe.run', { address, ...(method === undefined ? {} : { method }), ...(tls === undefined ? {} : { tls }) })
      put(address, answer.ok ? { phase: 'done', report: answer.value } : { phase: 'done', error: answer.error })
    },
  }
}
