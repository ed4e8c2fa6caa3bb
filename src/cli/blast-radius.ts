import type { Reach } from '../../capabilities/capability.js'
import type { Policy, PolicyMount } from '../policy-file/schema.js'
import { neutraliseLine } from './neutralise.js'

export interface BlastRadiusOptions {
  readonly policy: Policy
  /** Everything the grants let a program reach. */
  readonly reach: readonly Reach[]
  readonly isSet: (variable: string) => boolean
}

/** Acts that change what a directory holds. */
const WRITES = ['create', 'append', 'write']

/** What a policy lets a program do, in words, a heading for each kind of harm. */
export function toBlastRadius({ policy, reach, isSet }: BlastRadiusOptions): string {
  if (reach.length === 0) return 'It reaches nothing: no file, no network, no clock, no environment.\n'
  const of = (kind: Reach['capability']): readonly Reach[] => reach.filter(({ capability }) => capability === kind)
  const can = (act: string) => (row: Reach): boolean => row.acts.split(', ').includes(act)
  const place = (row: Reach): string => `${row.target}  ${toHost(policy.fs?.[row.target])}${toMarks(row)}`
  const sections: readonly (readonly [heading: string, rows: readonly string[]])[] = [
    ['It can read', of('fs').filter(can('read')).map(place)],
    ['It can write', of('fs').filter((row) => WRITES.some((act) => can(act)(row))).map((row) => `${place(row)}: ${toWriting(can('write')(row))}${toQuota(policy.fs?.[row.target])}`)],
    ['It can destroy', of('fs').filter((row) => can('write')(row) || can('delete')(row)).map((row) => `${place(row)}: ${toDestroying(can('delete')(row))}`)],
    ['It can change a draft, kept from the host', of('fs').filter(can('draft')).map(place)],
    ['Data can leave to', of('net').map((row) => `${row.acts} ${row.target}${toCredentials(row, isSet)}`)],
    ['It is told', [
      ...of('env').map(({ target }) => `the environment variable ${target}`),
      ...(policy.env ?? []).flatMap((entry) => (typeof entry === 'string' && !isSet(entry) ? [`the environment variable ${entry}, which is not set here`] : [])),
      ...of('stdio').map(({ target }) => target),
      ...of('clock').map(({ target, acts: how }) => `the time: ${target}${how.replace(/^read/, '')}`),
      ...of('random').map(({ target }) => `random numbers: ${target}`),
    ]],
    ['Its limits', Object.entries(policy.limits ?? {}).map(([name, value]) => `${name} ${(value ?? 0).toLocaleString('en-US')}`)],
    ['Note', toNotes(reach)],
  ]
  return sections
    .filter(([, rows]) => rows.length > 0)
    .map(([heading, rows]) => `${heading}:\n${rows.map((row) => `  ${neutraliseLine(row)}\n`).join('')}`)
    .join('')
}

function toHost(mount: PolicyMount | undefined): string {
  return mount === undefined ? '' : 'host' in mount ? `from ${mount.host}` : 'in memory'
}

function toMarks({ labels = [] }: Reach): string {
  return labels.length === 0 ? '' : ` (${labels.join(', ')})`
}

function toWriting(inPlace: boolean): string {
  return inPlace ? 'new files, additions, changes' : 'new files, additions at the end'
}

function toDestroying(removes: boolean): string {
  return removes ? 'what is there can be overwritten, cut short, replaced and removed' : 'bytes of what is there can be overwritten'
}

function toQuota(mount: PolicyMount | undefined): string {
  if (mount === undefined) return ''
  const { maxBytes } = 'memory' in mount ? mount.memory : 'maxBytes' in mount ? mount : { maxBytes: undefined }
  return maxBytes === undefined ? '' : `, at most ${maxBytes.toLocaleString('en-US')} bytes`
}

function toCredentials({ credentials = [] }: Reach, isSet: (variable: string) => boolean): string {
  return credentials.length === 0 ? '' : ` with ${credentials.map((name) => `the credential ${name}${isSet(name) ? '' : ' (not set here)'}`).join(', ')}`
}

/** Reading what is private and a way out, in one policy, is how data leaks. */
function toNotes(reach: readonly Reach[]): readonly string[] {
  const secret = reach.filter(({ labels = [] }) => labels.includes('private')).map(({ target }) => target)
  const ways = reach.filter(({ labels = [] }) => labels.includes('external')).map(({ target }) => target)
  return secret.length > 0 && ways.length > 0 ? [`what is private (${secret.join(', ')}) and a way out (${ways.join(', ')}) are in one policy`] : []
}
