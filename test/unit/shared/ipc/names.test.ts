import { describe, expect, it } from 'vitest'
import { contract } from '../../../../shared/ipc/contract.ts'
import { isChannelName, isStreamName } from '../../../../shared/ipc/names.ts'
import { streams } from '../../../../shared/ipc/streams.ts'

const channelNames = Object.keys(contract)
const streamNames = Object.keys(streams)

describe('the names that a preload script knows', () => {
  it('are those of the contract', () => {
    expect(channelNames.filter((name) => !isChannelName(name))).toEqual([])
    expect(streamNames.filter((name) => !isStreamName(name))).toEqual([])
    expect(['toString', '__proto__', 'app', '', 5, undefined, ...streamNames].filter((name) => isChannelName(name))).toEqual([])
    expect(['toString', 'call', ...channelNames].filter((name) => isStreamName(name))).toEqual([])
  })
})
