// Paints the visible rows' bars on a canvas: grid, bars, labels, and the line under the pointer. It is called once a frame with what is
// visible, so the number of rows in all does not matter.

import type { Bar, BarColour, TimelineRow } from './row.ts'
import type { Tick } from './ticks.ts'
import { toX, type TimeRange } from './time-scale.ts'

export interface Palette {
  readonly accent: string
  readonly ok: string
  readonly warn: string
  readonly fail: string
  readonly faint: string
  readonly line: string
  readonly text: string
  readonly dim: string
  /** Text on a service's bar, and on a bar of any other colour. */
  readonly onService: string
  readonly onToken: string
  readonly font: string
  service(hue: number): string
}

export interface VisibleRow {
  readonly row: TimelineRow
  /** Pixels from the top of the canvas. */
  readonly top: number
  readonly height: number
}

export interface Scene {
  readonly width: number
  readonly height: number
  readonly range: TimeRange
  readonly ticks: readonly Tick[]
  readonly rows: readonly VisibleRow[]
  readonly palette: Palette
  /** Pointer's x, when it is over the bars. */
  readonly pointerX: number | undefined
}

const narrowest = 2
const labelGap = 5

export function paintScene(context: CanvasRenderingContext2D, scene: Scene): void {
  context.clearRect(0, 0, scene.width, scene.height)
  context.font = scene.palette.font
  context.textBaseline = 'middle'
  paintGrid(context, scene)
  for (const visible of scene.rows) for (const bar of visible.row.bars) paintBar(context, scene, visible, bar)
  if (scene.pointerX !== undefined) paintLine(context, scene.pointerX, scene.height, scene.palette.accent, 0.7)
}

function paintGrid(context: CanvasRenderingContext2D, scene: Scene): void {
  for (const tick of scene.ticks) if (tick.x > 0.5) paintLine(context, tick.x, scene.height, scene.palette.line, 0.8)
}

function paintLine(context: CanvasRenderingContext2D, x: number, height: number, colour: string, alpha: number): void {
  context.globalAlpha = alpha
  context.fillStyle = colour
  context.fillRect(Math.round(x), 0, 1, height)
  context.globalAlpha = 1
}

function paintBar(context: CanvasRenderingContext2D, scene: Scene, visible: VisibleRow, bar: Bar): void {
  const from = toX(bar.startNs, scene.range, scene.width)
  const to = Math.max(toX(bar.endNs, scene.range, scene.width), from + narrowest)
  if (to < 0 || from > scene.width) return
  // Far outside coordinates lose precision in the rasteriser; only the visible part is drawn.
  const left = Math.max(from, -4)
  const width = Math.min(to, scene.width + 4) - left
  const thickness = bar.shape === 'thin' ? 4 : 12
  const top = visible.top + Math.round((visible.height - thickness) / 2)
  const colour = colourOf(bar.colour, scene.palette)
  context.globalAlpha = visible.row.muted ? 0.55 : 1
  if (bar.shape === 'wait' || bar.shape === 'lost') paintHatched(context, left, top, width, thickness, colour)
  else paintRounded(context, left, top, width, thickness, colour)
  context.globalAlpha = 1
  if (bar.label !== undefined) paintLabel(context, scene, bar.label, left, left + width, visible.top + visible.height / 2, bar.shape !== 'solid' ? undefined : typeof bar.colour === 'string' ? scene.palette.onToken : scene.palette.onService)
}

function paintRounded(context: CanvasRenderingContext2D, left: number, top: number, width: number, height: number, colour: string): void {
  context.fillStyle = colour
  context.beginPath()
  context.roundRect(left, top, width, height, Math.min(2, width / 2))
  context.fill()
}

function paintHatched(context: CanvasRenderingContext2D, left: number, top: number, width: number, height: number, colour: string): void {
  context.save()
  context.strokeStyle = colour
  context.lineWidth = 1
  context.strokeRect(left + 0.5, top + 0.5, Math.max(width - 1, 1), height - 1)
  context.beginPath()
  context.rect(left, top, width, height)
  context.clip()
  context.beginPath()
  for (let x = left - height; x < left + width; x += 5) {
    context.moveTo(x, top + height)
    context.lineTo(x + height, top)
  }
  context.stroke()
  context.restore()
}

function paintLabel(context: CanvasRenderingContext2D, scene: Scene, label: string, left: number, right: number, middle: number, inside: string | undefined): void {
  const { width: needed } = context.measureText(label)
  const { palette, width } = scene
  if (right + labelGap + needed <= width) write(context, label, right + labelGap, middle, palette.dim)
  else if (inside !== undefined && Math.min(right, width) - Math.max(left, 0) > needed + 2 * labelGap) write(context, label, Math.min(right, width) - needed - labelGap, middle, inside)
  else if (left - labelGap - needed >= 0) write(context, label, left - labelGap - needed, middle, palette.dim)
}

function write(context: CanvasRenderingContext2D, text: string, x: number, y: number, colour: string): void {
  context.fillStyle = colour
  context.fillText(text, x, y)
}

const colourOf = (colour: BarColour, palette: Palette): string => (typeof colour === 'string' ? palette[colour] : palette.service(colour.hue))
