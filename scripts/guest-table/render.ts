import type { Entry, Section, Status } from './probe.js'

const STATUSES: readonly Status[] = ['works', 'granted', 'refused', 'absent']

/** The document that shows the table. */
export function toDocument(sections: readonly Section[], nodeVersion: string): string {
  const count = ({ entries }: Section, status: Status): number => entries.filter((entry) => entry.status === status).length
  const summary = sections.map((section) => `| ${link(section.title)} | ${STATUSES.map((status) => count(section, status)).join(' | ')} |`)
  return `# What guests have of the web and of Node

Written by \`node scripts/run.mjs scripts/guest-table.ts\`, which looks up every name in an isolate with nothing granted; compared with Node ${nodeVersion}.

- *works*: there, with no grant.
- *granted*: there, and what it reaches is what the call was granted.
- *refused*: there, so that libraries load, and throws an error that says what to use instead.
- *absent*: not there; \`import\` of it by name is a \`SyntaxError\` before anything runs.

The web's names are those of ECMA-429, the Minimum Common Web Platform API of WinterTC, with the events and messages of its later drafts.
How well each does it, its tests and \`npm run wpt\` tell.
Members that Node has beyond what the standards ask count as missing all the same.
Names that begin with an underscore are left out.

| | works | granted | refused | absent |
|---|--:|--:|--:|--:|
${summary.join('\n')}

${sections.map(toSection).join('\n\n')}
`
}

function toSection({ title, entries }: Section): string {
  const groups = Map.groupBy(entries, ({ status, reason }) => `${STATUSES.indexOf(status)}${status}\n${reason}`)
  const rows = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, members]) => {
    const [status = '', reason = ''] = key.slice(1).split('\n')
    return `| ${status} | ${members.map(toName).join(', ')} | ${reason} |`
  })
  const partial = entries.filter(({ without }) => without.length > 0)
  const lacks = partial.map(({ name, without }) => `| \`${name}\` | ${without.map((member) => `\`${member}\``).join(', ')} |`)
  const missing = lacks.length === 0 ? '' : `\n\nMembers that Node has and guests have not:\n\n| | |\n|---|---|\n${lacks.join('\n')}`
  return `## ${title}\n\n| | Names | |\n|---|---|---|\n${rows.join('\n')}${missing}`
}

const toName = ({ name }: Entry): string => `\`${name}\``

function link(title: string): string {
  return `[${title}](#${title.toLowerCase().replace(/[^a-z0-9 _-]/g, '').replaceAll(' ', '-')})`
}
