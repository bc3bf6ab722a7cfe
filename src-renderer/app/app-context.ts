// What the frame's own parts share besides the stores: the commands, and which overlay is up.

import type { OverlayStore } from '../store/overlay.ts'
import type { RunsStore } from '../store/runs.ts'
import { requiredContext } from '../store/state.ts'
import type { Command } from './commands.ts'

export interface Frame {
  readonly commands: readonly Command[]
  readonly overlay: OverlayStore
  readonly runs: RunsStore
}

const context = requiredContext<Frame>('Frame')
export const FrameProvider = context.Provider
export const useFrame = context.use
