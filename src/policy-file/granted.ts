import type { CopyOnWriteDir } from '../../capabilities/fs/copy-on-write.js'
import type { Grants } from '../grants.js'
import type { Limits } from '../limits.js'

export interface PolicyOptions {
  /** The folder relative host paths start at: that of the policy file. */
  readonly baseDir: string
  /** Where credentials and copied variables come from: `process.env`. Only what the policy names is read. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/** The grants of a policy. The caller disposes it once no run uses them. */
export interface PolicyGrants extends Disposable {
  readonly grants: Grants
  readonly limits: Partial<Limits>
  /** The mounts in mode `copy-on-write`, by guest path: what guests changed there. */
  readonly drafts: ReadonlyMap<string, CopyOnWriteDir>
  dispose(): void
}
