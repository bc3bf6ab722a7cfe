// Where the window was: state of this machine, in Electron's own folder inside the data folder. Read before anything else starts, so
// it is one small file read synchronously; a place that no display shows any more is forgotten.

import { type BrowserWindow, type Rectangle, app, screen } from 'electron'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Geometry {
  readonly bounds: Partial<Rectangle> & { readonly width: number; readonly height: number }
  readonly isMaximized: boolean
}

export const smallest = { width: 760, height: 480 } as const
const usual: Geometry = { bounds: { width: 1440, height: 900 }, isMaximized: false }

const file = (): string => join(app.getPath('userData'), 'window.json')

/** The remembered place, fitted to the displays there are now. */
export function readGeometry(): Geometry {
  const area = screen.getPrimaryDisplay().workArea
  const { bounds, isMaximized } = readStored() ?? usual
  const width = Math.max(smallest.width, Math.min(bounds.width, area.width))
  const height = Math.max(smallest.height, Math.min(bounds.height, area.height))
  const { x, y } = bounds
  const isShown = x !== undefined && y !== undefined && screen.getAllDisplays().some(({ workArea }) => meets(workArea, { x, y, width, height }))
  return { bounds: { width, height, ...(isShown ? { x, y } : {}) }, isMaximized }
}

/** Writes the place when the window is moved no more, and when it closes. */
export function rememberGeometry(window: BrowserWindow): void {
  let timer: NodeJS.Timeout | undefined
  const save = (): void => {
    clearTimeout(timer)
    if (!window.isDestroyed()) store({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() })
  }
  const later = (): void => {
    clearTimeout(timer)
    timer = setTimeout(save, 500)
  }
  window.on('resize', later).on('move', later).on('close', save)
}

function store(geometry: Geometry): void {
  try {
    writeFileSync(`${file()}.tmp`, `${JSON.stringify({ format: 1, ...geometry })}\n`)
    renameSync(`${file()}.tmp`, file())
  } catch {
    // A window that opens at its usual place next time is no reason to disturb anybody.
  }
}

function readStored(): Geometry | undefined {
  try {
    const stored: Partial<Geometry> = JSON.parse(readFileSync(file(), 'utf8'))
    const { bounds, isMaximized } = stored
    const numbers = [bounds?.width, bounds?.height, bounds?.x ?? 0, bounds?.y ?? 0]
    return bounds !== undefined && numbers.every((number) => Number.isInteger(number)) ? { bounds, isMaximized: isMaximized === true } : undefined
  } catch {
    return undefined
  }
}

/** At least a title's worth of the window is on the display. */
function meets(area: Rectangle, { x, y, width }: Rectangle): boolean {
  return x + width > area.x + 80 && x < area.x + area.width - 80 && y >= area.y - 20 && y < area.y + area.height - 40
}
