import type { Capability, Reach } from '../capabilities/capability.js'
import { GloveboxError } from './errors.js'
import type { CheckedGrants } from './grants.js'

/** What a set of grants lets a program do at most. */
export interface BlastRadius {
  readonly reach: readonly Reach[]
  /** Everything it could do, a line each, for a person. */
  readonly text: string
}

/** Lists everything reachable through grants: each path and its mode, operation, credential by name, tool. */
export function describeGrants(grants: CheckedGrants): BlastRadius {
  const reach: Reach[] = []
  for (const [path, dir] of grants.fs) reach.push(...dir.reach().map((row) => ({ ...row, target: path })))
  for (const capability of [grants.net, grants.tcp, grants.clock, grants.random]) if (capability !== undefined) reach.push(...(capability as Capability).reach())
  for (const name of Object.keys(grants.env)) reach.push({ capability: 'env', target: name, acts: 'read' })
  if (grants.stdin !== '') reach.push({ capability: 'stdio', target: 'stdin', acts: 'read' })
  for (const [name, tool] of grants.tools) reach.push(...tool.reach().map((row) => ({ ...row, target: name })), ...(tool.within ?? []))
  return Object.freeze({ reach: Object.freeze(reach), text: reach.length === 0 ? 'nothing' : reach.map(toText).join('\n') })
}

/**
 * Refuses grants that reach beyond a ceiling: every row of theirs must be covered by one of the ceiling's.
 * @throws GloveboxError `exceeds-ceiling`
 */
export function admitUnder(ceiling: CheckedGrants | undefined, grants: CheckedGrants): void {
  if (ceiling === undefined) return
  const allowed = describeGrants(ceiling).reach
  for (const row of describeGrants(grants).reach) {
    if (allowed.some((most) => covers(most, row))) continue
    throw new GloveboxError('exceeds-ceiling', `Cannot grant ${toText(row)}: the sandbox's ceiling does not allow it; grant less or raise createSandbox({ ceiling })`)
  }
}

/**
 * Refuses tools behind which a guest would reach what the call itself may not: a child's grants are some of its parent's.
 * @throws GloveboxError `exceeds-ceiling`
 */
export function admitTools(grants: CheckedGrants): void {
  for (const [name, { within }] of grants.tools) {
    if (within === undefined) continue
    const own = describeGrants({ ...grants, tools: new Map() }).reach
    const beyond = within.find((row) => !own.some((most) => covers(most, row)))
    if (beyond === undefined) continue
    throw new GloveboxError('exceeds-ceiling', `Cannot grant tool "${name}": behind it a guest reaches ${toText(beyond)}, which the call itself is not granted; grant it to the call too, or less to the tool`)
  }
}

function covers(most: Reach, row: Reach): boolean {
  if (most.capability !== row.capability) return false
  const acts = new Set(most.acts.split(', '))
  // A draft keeps changes to itself until the embedder commits them: it is no more than reading.
  if (acts.has('read')) acts.add('draft')
  return row.acts.split(', ').every((act) => acts.has(act)) && (row.credentials ?? []).every((name) => most.credentials?.includes(name)) && coversTarget(most, row)
}

function coversTarget(most: Reach, row: Reach): boolean {
  if (most.target === row.target) return true
  if (row.capability === 'fs') return most.target === '/' || row.target.startsWith(`${most.target}/`)
  return false
}

function toText({ capability, target, acts, credentials, labels }: Reach): string {
  const tail = [...(credentials ?? []).map((name) => `credential ${name}`), ...(labels ?? [])]
  return `${capability} ${target}: ${acts}${tail.length === 0 ? '' : ` [${tail.join(', ')}]`}`
}
