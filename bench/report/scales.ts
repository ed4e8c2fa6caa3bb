import type { Axis, At, Quantity } from '../suite.js'
import { renderAt, threeDigits } from './units.js'

/** A scale and its axis, as Vega-Lite has them. */
export interface ScaleSpec {
  readonly scale: object
  readonly axis: object
  readonly low: number
  readonly high: number
}

/** Room for labels beside the outermost values, as a share of the whole. */
const MARGIN = 0.06
/** In pixels, so that marks do not stand on the other axis. */
const PADDING = 16

/** A logarithmic scale over positive values, with ticks that have a unit, or a name of their own. */
export function logScale(values: readonly number[], quantity: Quantity, names: ReadonlyMap<number, string> = new Map()): ScaleSpec {
  const [least, most] = [Math.min(...values), Math.max(...values)]
  const decades = Math.max(Math.log10(most / least), 0.3)
  const [low, high] = [least / 10 ** (decades * MARGIN), most * 10 ** (decades * MARGIN)]
  const ticks = ticksBetween(low, high)
  return {
    scale: { type: 'log', domain: [low, high], nice: false, clamp: true },
    axis: { values: ticks, labelExpr: labelExpression(ticks, (tick) => names.get(tick) ?? renderTick(tick, quantity)), title: TITLES[quantity], labelOverlap: 'greedy', labelSeparation: 4 },
    low, high,
  }
}

const TITLES: Readonly<Record<Quantity, string>> = { time: 'time for one operation (logarithmic)', rate: 'operations a second (logarithmic)', memory: 'memory for one isolate (logarithmic)' }

/** The axis of a series of numbers: a tick for each point there is. */
export function pointScale(points: readonly At[], axis: Axis): ScaleSpec {
  const numbers = points.map(Number)
  const isLog = axis.kind === 'number' && axis.scale === 'log' && Math.min(...numbers) > 0
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
  return {
    scale: isLog ? { type: 'log', domain: [low, high], nice: false, padding: PADDING } : { type: 'linear', domain: [low, high], nice: false, zero: false, padding: PADDING },
    axis: { values: numbers, labelExpr: labelExpression(numbers, (tick) => renderAt(tick, axis)), title: axis.title, labelOverlap: 'greedy' },
    low, high,
  }
}

/** Powers of ten; between them 2 and 5 where there are few. */
function ticksBetween(low: number, high: number): number[] {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))]
  const steps = last - first > 4 ? [1] : [1, 2, 5]
  const ticks: number[] = []
  for (let power = first; power <= last; power++) for (const step of steps) ticks.push(Number(`${step}e${power}`))
  return ticks.filter((tick) => tick >= low && tick <= high)
}

function renderTick(tick: number, quantity: Quantity): string {
  if (quantity === 'rate') return tick >= 1e6 ? `${plain(tick / 1e6)} M` : tick >= 1000 ? `${plain(tick / 1000)} k` : plain(tick)
  if (quantity === 'memory') return tick >= 1e9 ? `${plain(tick / 1e9)} GB` : tick >= 1e6 ? `${plain(tick / 1e6)} MB` : tick >= 1000 ? `${plain(tick / 1000)} KB` : `${plain(tick)} B`
  if (tick >= 1000) return `${plain(tick / 1000)} s`
  return tick >= 1 ? `${plain(tick)} ms` : tick >= 1e-3 ? `${plain(tick * 1000)} µs` : `${plain(tick * 1e6)} ns`
}

function plain(value: number): string {
  return String(Number(value >= 1 ? value.toFixed(0) : threeDigits(value)))
}

/** Vega's expressions know no functions of ours: one word for each tick. */
function labelExpression(ticks: readonly number[], render: (tick: number) => string): string {
  return ticks.reduceRight((rest, tick) => `abs(datum.value - ${tick}) <= ${tick * 1e-9} ? ${JSON.stringify(render(tick))} : ${rest}`, "''")
}
