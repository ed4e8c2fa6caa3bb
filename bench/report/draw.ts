import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BENCH } from '../packages.js'
import { nightRules } from './palette.js'
import { CONFIG, type Plot } from './plot.js'

interface Vega {
  compile(spec: object): { readonly spec: object }
  parse(spec: object): object
  readonly View: new (runtime: object, options: { readonly renderer: 'none' }) => { toSVG(): Promise<string>; finalize(): void }
  readonly textMetrics: { width: (item: { readonly fontSize?: number }, text: unknown) => number }
}

/** Turns a plot into SVG. */
export type Draw = (plot: Plot) => Promise<string>

/** Where vega is installed. */
export const PLOTS = join(BENCH, 'plots')

/** Mean width of a letter of common fonts, in parts of their size. */
const LETTER = 0.58

/** Loads what draws without a display. Throws when it is not installed. */
export async function createDraw(): Promise<Draw> {
  if (!existsSync(join(PLOTS, 'node_modules/vega'))) throw new Error('vega is not installed')
  const { View, compile, parse, textMetrics } = (await import(pathToFileURL(join(PLOTS, 'vega.mjs')).href)) as Vega
  // Without a canvas nothing is there to measure letters; its own guess is half too wide.
  textMetrics.width = ({ fontSize = 11 }, text) => String(text ?? '').length * fontSize * LETTER
  return async ({ spec, caption }) => {
    const view = new View(parse(compile({ ...spec, config: CONFIG }).spec), { renderer: 'none' })
    try {
      return toFigure(await view.toSVG(), caption)
    } finally {
      view.finalize()
    }
  }
}

/** Colours for the night, and words for who does not see it. */
function toFigure(svg: string, caption: string): string {
  return svg.replace(/^<svg /, `<svg role="img" aria-label="${escapeXml(caption)}" `).replace('>', `><style>${nightRules()}</style>`)
}

/** For use within a page, which has the rules for the night itself. */
export function forPage(svg: string): string {
  return svg.replace(/<style>[^]*?<\/style>/, '').replace(/ xmlns(:\w+)?="[^"]*"/g, '')
}

export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}
