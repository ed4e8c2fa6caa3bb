/** A resolver under an attacker's control: each name has a script of answers, the last of which repeats. */
export interface HostileResolver {
  (hostname: string): Promise<readonly string[]>
  /** Every name that was asked for, in order. */
  readonly asked: readonly string[]
}

/** Answers from `scripts`; a name that has none is not found. */
export function createHostileResolver(
  scripts: Readonly<Record<string, readonly (readonly string[])[]>>,
): HostileResolver {
  const asked: string[] = []
  const turns = new Map<string, number>()
  const resolve = async (hostname: string) => {
    asked.push(hostname)
    const script = Object.hasOwn(scripts, hostname) ? scripts[hostname]! : undefined
    if (script === undefined) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' })
    const turn = turns.get(hostname) ?? 0
    turns.set(hostname, turn + 1)
    return script[Math.min(turn, script.length - 1)]!
  }
  return Object.assign(resolve, { asked })
}
