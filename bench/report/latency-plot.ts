import type { SampledResults } from '../results.js'
import { ARM_COLOURS } from './palette.js'
import type { Plot } from './plot.js'
import { REFERENCE, type Row, isLost, rowsOf } from './rows.js'
import { logScale } from './scales.js'
import { renderValue } from './units.js'

const WIDTH = 560
const ROW_HEIGHT = 24

export type Arm = keyof typeof ARM_COLOURS

export function armOf({ contender, arm }: Pick<Row, 'contender' | 'arm'>): Arm {
  // With its variants, such as that on threads.
  return contender.split(',')[0] === REFERENCE ? 'glovebox' : arm
}

/** Colour and shape, both, as not everybody sees colours. */
export function armScales(arms: readonly Arm[]): { readonly color: object; readonly shape: object } {
  const domain = (['glovebox', 'contained', 'baseline'] as const).filter((arm) => arms.includes(arm))
  const shapes = { glovebox: 'diamond', contained: 'circle', baseline: 'square' }
  const legend = { title: null, orient: 'top', direction: 'horizontal', offset: 6 }
  return {
    color: { field: 'arm', type: 'nominal', scale: { domain, range: domain.map((arm) => ARM_COLOURS[arm].light) }, legend },
    shape: { field: 'arm', type: 'nominal', scale: { domain, range: domain.map((arm) => shapes[arm]) }, legend },
  }
}

/** A dot at the median and a whisker to the 95th percentile for each contender, the best first, those that contain above the others. */
export function drawLatency(of: SampledResults): Plot {
  const { quantity } = of
  const rows = rowsOf(of).filter(({ summary }) => summary.p50 !== undefined)
  const sorted = [...rows.filter(({ arm }) => arm === 'contained'), ...rows.filter(({ arm }) => arm === 'baseline')]
  const seen = sorted.filter(({ summary }) => !isLost(summary.p50, quantity) && summary.p50! > 0)
  const x = logScale(seen.length === 0 ? [1] : seen.flatMap(({ summary }) => [summary.p50!, ...(summary.p95 === undefined ? [] : [summary.p95])]), quantity)
  const values = sorted.map((row) => {
    const { contender, summary: { p50, p95 } } = row
    const isSeen = seen.includes(row)
    const end = p95 !== undefined && p95 > 0 ? p95 : p50!
    return { contender, arm: armOf(row), label: renderValue(p50, quantity), ...(isSeen ? { p50, p95: end, end } : { end: x.low }) }
  })
  const { color, shape } = armScales(values.map(({ arm }) => arm))
  const y = { field: 'contender', type: 'nominal', sort: sorted.map(({ contender }) => contender), axis: { title: null, labelLimit: 400, grid: false } }
  const over = (field: string): object => ({ field, type: 'quantitative', scale: x.scale, axis: x.axis })
  return {
    name: of.name,
    caption: 'Mark: median; whisker: to the 95th percentile, where there are samples enough.',
    spec: {
      width: WIDTH, height: { step: ROW_HEIGHT }, data: { values },
      layer: [
        { mark: { type: 'rule', strokeWidth: 2, opacity: 0.55 }, encoding: { y, x: over('p50'), x2: { field: 'p95' }, color } },
        { mark: { type: 'tick', thickness: 2, size: 9, opacity: 0.8 }, encoding: { y, x: over('p95'), color } },
        { mark: { type: 'point', filled: true, size: 80, opacity: 1 }, encoding: { y, x: over('p50'), color, shape } },
        { mark: { type: 'text', align: 'left', dx: 9 }, encoding: { y, x: over('end'), text: { field: 'label' } } },
      ],
    },
  }
}
