import type { Machine } from '../machine.js'
import { renderTable } from '../report/table.js'
import { renderAt, renderBytes, renderRate, renderTime } from '../report/units.js'
import type { At } from '../suite.js'
import type { Column, Curve, Row } from './curve.js'

export interface CurveResults extends Pick<Curve, 'name' | 'about' | 'axis' | 'columns'> {
  readonly rows: readonly Row[]
  readonly missing: readonly { readonly at: At; readonly reason: string }[]
}

export interface ScaleResults {
  readonly schemaVersion: 1
  readonly startedAt: string
  readonly quick: boolean
  readonly machine: Machine
  readonly loadAfter: readonly [number, number, number]
  readonly version: string
  readonly curves: readonly CurveResults[]
}

export function renderScale({ machine, loadAfter, quick, curves }: ScaleResults): string {
  const load = (averages: readonly number[]): string => averages.map((average) => average.toFixed(2)).join(' ')
  const head = [
    `Node ${machine.node} (V8 ${machine.v8}), ${machine.platform}, ${machine.cores} × ${machine.cpu}, ${(machine.memoryBytes / 2 ** 30).toFixed(0)} GB`,
    `Load ${load(machine.load)} before, ${load(loadAfter)} after; a process for each point; memory is resident memory after a collection${quick ? '; quick: fewer and smaller points' : ''}`,
    ...(Math.max(machine.load[0], loadAfter[0]) > machine.cores ? ['The machine was busy: memory is as it says, times are longer than they would be'] : []),
  ]
  return `${[head.join('\n'), ...curves.map(renderCurve)].join('\n\n')}\n`
}

function renderCurve({ name, about, axis, columns, rows, missing }: CurveResults): string {
  const lines = [[axis.title, ...columns.map(({ title }) => title), ''], ...rows.map((row) => [renderAt(row.at, toAxis(axis)), ...columns.map((column) => render(row, column)), ''])]
  return [`${name}: ${about}`, '', ...renderTable(lines), ...missing.map(({ at, reason }) => `  not measured: ${renderAt(at, toAxis(axis))}: ${reason}`)].join('\n')
}

const toAxis = ({ title, unit }: Curve['axis']) => ({ kind: 'number', title, unit, scale: 'log' }) as const

function render({ figures }: Row, { name, unit }: Column): string {
  const figure = figures[name]
  if (figure === undefined) return '–'
  if (unit === 'time') return renderTime(figure)
  if (unit === 'bytes') return renderBytes(figure)
  return unit === 'rate' ? renderRate(figure) : figure.toLocaleString('en-US')
}
