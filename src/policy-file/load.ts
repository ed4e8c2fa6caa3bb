import type { PolicyGrants, PolicyOptions } from './granted.js'

/**
 * Turns a policy, as JSON holds it, into grants. All of it is checked before the first directory is opened.
 * The caller disposes the result once no run uses them.
 *
 * @throws GloveboxError `invalid-policy`, and `mount-failed`, `unsupported-platform`, `missing-dependency` when the host
 * cannot provide what a valid policy names
 * @see `glovebox/policy.schema.json`
 * @example
 * using policy = await grantsFromPolicy(JSON.parse(text), { baseDir: '/etc/agent', env: process.env })
 * await sandbox.run(code, { grants: policy.grants, limits: policy.limits })
 */
export async function grantsFromPolicy(policy: unknown, options: PolicyOptions): Promise<PolicyGrants> {
  // Loaded on first use: whoever writes grants as code needs no schema library.
  const file = await import('./node.js')
  return file.grantsFromPolicy(policy, options)
}
