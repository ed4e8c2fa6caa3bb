import type { CaseResults } from '../results.js'
import { escapeXml, forPage } from './draw.js'
import { type Grid, gridsOf } from './grid.js'
import { type Drawn, type ReportParts, checkGrid, versionsOf } from './markdown.js'
import { INK, nightRules } from './palette.js'
import { capitalise, describeLeftOut, describeRun } from './words.js'

/** The report as one page that needs nothing else, by day and by night. */
export function renderPage({ results, checks, plots }: ReportParts): string {
  const day = results.startedAt.slice(0, 10)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Benchmarks of glovebox, ${day}</title>
<style>${STYLE}${nightRules()}</style>
</head>
<body>
<header>
<h1>Benchmarks of glovebox</h1>
<p>${day}. glovebox beside other ways of running code that somebody else wrote, all in the same run; each answered right before it was measured.</p>
<ul class="facts">${[...describeRun(results), describeLeftOut(results) ?? []].flat().map((line) => `<li>${escapeXml(line)}</li>`).join('')}</ul>
<nav>${results.cases.map(({ name, title }) => `<a href="#${escapeXml(name)}">${escapeXml(title)}</a>`).join('')}</nav>
</header>
<main>
${checks.length === 0 ? '' : `<section><h2>Budgets</h2>${renderGrid(checkGrid(checks))}</section>`}
${results.cases.map((of) => renderCase(of, plots)).join('\n')}
</main>
<footer><p>${escapeXml(versionsOf(results))}</p></footer>
</body>
</html>
`
}

function renderCase(of: CaseResults, plots: readonly Drawn[]): string {
  const [first, ...more] = gridsOf(of)
  const figures = plots.filter((plot) => plot.case === of.name).map(({ svg, caption }) => `<figure>${forPage(svg)}<figcaption>${escapeXml(caption)}</figcaption></figure>`)
  const missing = of.missing.map(({ contender, at, reason }) => `<li>Not measured: ${escapeXml(`${contender}${at === undefined ? '' : ` at ${at}`}: ${reason}`)}</li>`)
  return `<section id="${escapeXml(of.name)}">
<h2>${escapeXml(of.title)}</h2>
<p>${escapeXml(capitalise(of.about))}.</p>
${figures.join('\n')}
${first === undefined ? '' : renderGrid(first)}
${more.map((grid) => `<details><summary>${escapeXml(grid.title)}</summary>${renderGrid(grid)}</details>`).join('')}
${missing.length === 0 ? '' : `<ul class="missing">${missing.join('')}</ul>`}
</section>`
}

function renderGrid({ head, rows, words }: Grid): string {
  const cell = (tag: 'th' | 'td', text: string, i: number): string => `<${tag}${i > 0 && !words.includes(i) ? ' class="number"' : ''}>${escapeXml(text)}</${tag}>`
  const line = (tag: 'th' | 'td', cells: readonly string[]): string => `<tr>${cells.map((text, i) => cell(tag, text, i)).join('')}</tr>`
  return `<div class="table"><table><thead>${line('th', head)}</thead><tbody>${rows.map((row) => line('td', row)).join('')}</tbody></table></div>`
}

const STYLE = `
:root{--text:${INK.text.light};--label:${INK.label.light};--line:${INK.grid.light};--page:#ffffff;--card:#f7f8fa;--link:#1f6fb2}
@media (prefers-color-scheme: dark){:root{--text:${INK.text.dark};--label:${INK.label.dark};--line:${INK.grid.dark};--page:#14171c;--card:#1b1f26;--link:#63b3ed}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:2rem 1.25rem 4rem;background:var(--page);color:var(--text);font:15px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.7rem;margin:0 0 .5rem}h2{font-size:1.2rem;margin:0 0 .25rem}
p{margin:.25rem 0 .75rem;color:var(--label)}
.facts{margin:.5rem 0;padding-left:1.1rem;color:var(--label);font-size:.85rem}
nav{display:flex;flex-wrap:wrap;gap:.35rem;margin:1rem 0 1.5rem}
nav a{padding:.15rem .6rem;border:1px solid var(--line);border-radius:1rem;color:var(--link);text-decoration:none;font-size:.85rem}
section{padding:1.25rem 0;border-top:1px solid var(--line)}
figure{margin:.75rem 0 1rem}figure svg{display:block;max-width:100%;height:auto}
figcaption{font-size:.8rem;color:var(--label);margin-top:.25rem}
.table{overflow-x:auto}table{border-collapse:collapse;font-size:.82rem;min-width:50%}
th,td{padding:.25rem .7rem .25rem 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--label)}.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
td:first-child{white-space:nowrap}
summary{cursor:pointer;margin:.75rem 0 .25rem;font-size:.85rem;color:var(--link)}
.missing{font-size:.82rem;color:var(--label);padding-left:1.1rem}
footer{border-top:1px solid var(--line);font-size:.8rem;padding-top:.75rem}
`
