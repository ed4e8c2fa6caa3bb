import { GloveboxError } from '../errors.js'
import { toData } from './data.js'
import { explain, type Issue } from './explain.js'
import { type Policy, policyJsonSchema, policySchema } from './schema.js'

/** Complaints of one policy that are told at once. */
const MOST_COMPLAINTS = 5

/**
 * Checks a policy and copies it. Unknown keys are errors, and the message names the one that was probably meant.
 * @throws GloveboxError `invalid-policy`
 * @example parsePolicy({ fs: { '/data': { host: './reports' } } })
 */
export function parsePolicy(policy: unknown): Policy {
  const data = toData(policy)
  const parsed = policySchema.safeParse(data)
  if (parsed.success) return parsed.data
  const complaints = explain(parsed.error.issues as unknown as readonly Issue[], data, policyJsonSchema())
  const shown = complaints.slice(0, MOST_COMPLAINTS).join('; ')
  const more = complaints.length > MOST_COMPLAINTS ? `; and ${complaints.length - MOST_COMPLAINTS} more` : ''
  throw new GloveboxError('invalid-policy', `Cannot use the policy: ${shown}${more}`)
}

/** Names of the host's environment variables a policy refers to: credentials, and what it copies for the guest. */
export function variablesOf(policy: Policy): { readonly credentials: readonly string[]; readonly copied: readonly string[] } {
  const headers = (policy.net ?? []).flatMap((rule) => Object.values(rule.headers ?? {}))
  return {
    credentials: [...new Set(headers.flatMap((source) => (typeof source === 'string' ? [] : [source.env])))],
    copied: (policy.env ?? []).filter((entry) => typeof entry === 'string'),
  }
}
