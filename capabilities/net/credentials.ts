import { LEAST_SECRET_LENGTH, Secret, revealSecret } from '../secret/secret.js'
import { type Asked, deny } from './decide.js'
import type { Redactor } from './redact.js'
import type { ParsedRule } from './rules.js'

const MAX_VALUE_LENGTH = 8192

/**
 * Reads the headers a rule attaches, anew for every request, and has the redactor know them before they leave.
 * A credential that cannot be had, cannot be sent or could not be redacted denies the request; why is told without it.
 *
 * @throws Denied
 */
export async function resolveHeaders(
  rule: ParsedRule,
  asked: Asked,
  redactor: Redactor,
): Promise<readonly (readonly [name: string, value: string])[]> {
  return Promise.all(
    rule.headers.map(async ([header, source]) => {
      if (typeof source === 'string') return [header, source] as const
      const name = Secret.is(source) ? source.name : header
      let value: unknown
      try {
        value = Secret.is(source) ? await revealSecret(source) : await source()
      } catch {
        throw unusable(asked, name, 'could not be read')
      }
      const fault = faultOf(value)
      if (fault !== undefined) throw unusable(asked, name, fault)
      redactor.add(name, value as string)
      return [header, value as string] as const
    }),
  )
}

/** Names of the credentials a rule places; never their values. */
export function credentialNames(rule: ParsedRule): readonly string[] {
  return rule.headers
    .filter(([, source]) => typeof source !== 'string')
    .map(([header, source]) => (Secret.is(source) ? source.name : header))
}

function faultOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return 'is no text'
  // `Bearer ${process.env.TOKEN}` with nothing set: sent, it would be a puzzle at the other end.
  if (/(?:^|[\s=])(?:undefined|null)$/.test(value)) return 'is not set'
  if (value.length < LEAST_SECRET_LENGTH)
    return `is shorter than ${LEAST_SECRET_LENGTH} characters and could not be redacted`
  if (value.length > MAX_VALUE_LENGTH) return `is longer than ${MAX_VALUE_LENGTH} characters`
  if (!/^[\x20-\x7e]*$/.test(value)) return 'has characters that are not printable ASCII'
  return undefined
}

function unusable(asked: Asked, name: string, fault: string): Error {
  return deny(
    asked,
    `credential "${name}" ${fault}`,
    `nothing wider: the credential of the rule that covers this is the host's to mend`,
  )
}
