import type { Change } from '../../capabilities/fs/changes.js'
import type { CopyOnWriteDir } from '../../capabilities/fs/copy-on-write.js'
import type { RunResult } from '../result.js'
import { toJsonValue } from './json-value.js'

/**
 * A result as one line of JSON, the fields of the API: `value` as `toJsonValue` writes it, everything else plain data.
 * `changes` is there when the policy has mounts in mode `copy-on-write`: what guests changed, by guest path.
 */
export function toJsonLine(result: RunResult, drafts: ReadonlyMap<string, Pick<CopyOnWriteDir, 'changes'>>): string {
  const changes = Object.fromEntries([...drafts].map(([path, draft]) => [path, draft.changes().map(toJsonChange)]))
  const fields = result.outcome === 'returned' ? { ...result, value: toJsonValue(result.value) } : result
  return `${JSON.stringify(drafts.size === 0 ? fields : { ...fields, changes })}\n`
}

function toJsonChange({ bytes, ...change }: Change): object {
  return bytes === undefined ? change : { ...change, bytes: toJsonValue(bytes) }
}
