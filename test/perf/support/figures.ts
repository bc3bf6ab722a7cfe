// What a bench does with its figures: shows them as a table, and keeps them with the machine they were taken on, for comparison later.

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { dirname } from 'node:path'

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** A table on stdout, numbers with three significant digits. */
export function table(rows: Readonly<Record<string, Readonly<Record<string, number | string>>>>): void {
  const round = (value: number | string): number | string => (typeof value === 'number' ? Number(value.toPrecision(3)) : value)
  console.table(Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, Object.fromEntries(Object.entries(row).map(([column, value]) => [column, round(value)]))])))
}

/** Writes `out/bench/<name>.json`, where the launcher names it. */
export function keep(result: object): void {
  const path = process.env['KITE_BENCH_RESULT']
  if (path === undefined) return
  mkdirSync(dirname(path), { recursive: true })
  const machine = { node: process.versions.node, platform: `${process.platform}-${process.arch}`, cpu: cpus()[0]?.model ?? '', cores: cpus().length, load: loadavg()[0] }
  writeFileSync(path, `${JSON.stringify({ takenAt: new Date().toISOString(), machine, ...result }, undefined, 2)}\n`)
}
