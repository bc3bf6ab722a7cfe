// The two ways in which a compressed message fails, worded alike for every algorithm.

import { fail, type KiteError } from '../../../../shared/base/error.ts'

/** The bytes are not what the algorithm's name promises. */
export const unreadable = (name: string, bytes: number, reason: string): KiteError => fail('protocol', 'frame', 'grpc.compressedMalformed', { name, bytes, reason })

/** More would come out than the budget allows. */
export const tooLarge = (name: string, bytes: number, limit: number): KiteError => fail('protocol', 'frame', 'grpc.compressedTooLarge', { name, bytes, limit }, { hint: { key: 'grpc.compressedTooLargeHint' } })
