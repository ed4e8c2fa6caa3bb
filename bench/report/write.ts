import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Checked } from '../budgets.js'
import { installPlots } from '../install.js'
import { firstLine } from '../measure.js'
import type { Results } from '../results.js'
import { type Draw, createDraw } from './draw.js'
import { renderPage } from './html.js'
import { type Drawn, renderMarkdown } from './markdown.js'
import { plotsOf } from './plot.js'

export interface WrittenReport {
  readonly files: readonly string[]
  /** Why there are no plots. */
  readonly lacking?: string
}

/** Writes the samples, the report as Markdown and as a page, and its plots into a folder. */
export async function writeReport(folder: string, { results, checks, say }: { readonly results: Results; readonly checks: readonly Checked[]; readonly say: (line: string) => void }): Promise<WrittenReport> {
  const failures = installPlots(say)
  let plots: readonly Drawn[] = []
  let lacking = Object.values(failures)[0]
  if (lacking === undefined) {
    try {
      plots = await drawAll(results, await createDraw())
    } catch (error) {
      lacking = firstLine(error)
    }
  }
  const contents: Readonly<Record<string, string>> = {
    'results.json': `${JSON.stringify(results)}\n`,
    'README.md': renderMarkdown({ results, checks, plots }),
    'index.html': renderPage({ results, checks, plots }),
    ...Object.fromEntries(plots.map(({ file, svg }) => [file, svg])),
  }
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(folder, name), text)
  return { files: Object.keys(contents), ...(lacking === undefined ? {} : { lacking }) }
}

async function drawAll({ cases }: Results, draw: Draw): Promise<Drawn[]> {
  const drawn: Drawn[] = []
  for (const of of cases) {
    for (const plot of plotsOf(of)) drawn.push({ case: of.name, file: `${plot.name}.svg`, caption: plot.caption, svg: await draw(plot) })
  }
  return drawn
}
