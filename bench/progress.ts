import type { Step } from './run-suite.js'

/** What is being done now and how long it will take, on one line of a terminal; elsewhere each case gets a line. */
export interface Progress {
  step(step: Step): void
  /** A line that stays. */
  line(what: string): void
  clear(): void
}

export interface ProgressOptions {
  readonly stream: { readonly isTTY?: boolean; write(text: string): unknown }
  /** Milliseconds that each case of the run takes, in order, as far as earlier runs tell. */
  readonly cases: readonly { readonly name: string; readonly tookMs?: number }[]
  readonly now: () => number
}

/** What a case takes of which nothing is known, as long as none is done. */
const UNKNOWN_MS = 10_000

export function createProgress({ stream, cases, now }: ProgressOptions): Progress {
  const wipe = stream.isTTY === true ? '\r\u001b[K' : ''
  const done = new Map<string, number>()
  let current = ''
  let began = now()
  const guess = (): number => {
    const known = [...done.values(), ...cases.flatMap(({ tookMs }) => tookMs ?? [])]
    return known.length === 0 ? UNKNOWN_MS : known.reduce((sum, each) => sum + each, 0) / known.length
  }
  const left = (step: Step): number => {
    const rest = cases.filter(({ name }) => name !== step.case && !done.has(name))
    const others = rest.reduce((sum, { tookMs }) => sum + (tookMs ?? guess()), 0)
    const spent = now() - began
    const expected = cases.find(({ name }) => name === step.case)?.tookMs ?? guess()
    // What it did tells more, the more of it is done.
    const whole = step.done < 0.1 ? Math.max(expected, spent) : spent / step.done
    return others + Math.max(0, whole - spent)
  }
  return {
    step(step) {
      const position = cases.findIndex(({ name }) => name === step.case) + 1
      const next = step.case !== current
      if (next) {
        if (current !== '') done.set(current, now() - began)
        current = step.case
        began = now()
      }
      const where = `${step.case} (${position} of ${cases.length})`
      if (stream.isTTY === true) stream.write(`${wipe}bench: ${where}: ${step.what}, ${renderLeft(left(step))} left`)
      else if (next) stream.write(`bench: ${where}, ${renderLeft(left(step))} left\n`)
    },
    line: (what) => void stream.write(`${wipe}bench: ${what}\n`),
    clear: () => void stream.write(wipe),
  }
}

/** As rough as it is known: `less than 10 s`, `about 40 s`, `about 3 min`. */
export function renderLeft(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return 'less than 10 s'
  return seconds < 95 ? `about ${Math.ceil(seconds / 10) * 10} s` : `about ${Math.ceil(seconds / 60)} min`
}
