// A call from the command line belongs in the trace that `kite receive` or a window shows, but its process ends with it. So its spans are
// offered to the receiver on this machine, and only to ours: another collector there may send them anywhere, and was not asked for.

import type { CallRecord } from '../../../shared/model/call.ts'
import { encodeTraces } from './otlp/encode-traces.ts'
import { spansOfRecord } from './own-spans.ts'
import { receiverAddress } from './receiver-address.ts'
import { listens } from '../listens.ts'

const patienceMs = 300

/** Whether somebody took them; never throws. `address` is the receiver's HTTP port. */
export async function offerSpans(record: CallRecord, address = receiverAddress()): Promise<boolean> {
  if (address === undefined || !(await listens(address, patienceMs))) return false
  try {
    const status = await send(address, 'GET', '/kite/v1/status')
    if (status.code !== 200 || !status.body.includes('"traces"')) return false
    return (await send(address, 'POST', '/v1/traces', encodeTraces(spansOfRecord(record)))).code === 200
  } catch {
    return false
  }
}

async function send(address: string, method: string, path: string, body?: Buffer): Promise<{ readonly code: number; readonly body: string }> {
  const { request } = await import('node:http')
  const headers = body === undefined ? {} : { 'content-type': 'application/x-protobuf', 'content-length': body.length }
  return new Promise((resolve, reject) => {
    const sent = request(`http://${address}${path}`, { method, headers, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => { text = (text + chunk).slice(0, 65_536) })
      response.on('end', () => resolve({ code: response.statusCode ?? 0, body: text })).on('error', reject)
    })
    sent.setTimeout(patienceMs, () => sent.destroy(new Error('no answer in time')))
    sent.on('error', reject).end(body)
  })
}
