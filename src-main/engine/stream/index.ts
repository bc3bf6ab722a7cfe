// What hosts and the chain's end need of streams.

export type { StreamPort } from './port.ts'
export { messagesOf, placedInBody, type JsonPiece } from './messages-of.ts'
export { StreamSummaryBuilder } from './summary.ts'
export { pace, type Pace } from './pace.ts'
