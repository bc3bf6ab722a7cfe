// What the engine needs of TTHeader Streaming.

export { createTtstreamPool, type TtStreamPoolOptions } from './pool.ts'
export { hintForSilence } from './faults.ts'
