/** Characters of two values that stand on one line. */
const MOST_SHORT = 12
const MOST_COLUMNS = 80
const MOST_SAME_OBJECTS = 50
/** Lines that are the same in a row before their middle is left out. */
const COLLAPSE = 5

type Step = readonly [kind: '+' | '-' | ' ', line: string]

interface Options {
  readonly show: (value: unknown) => string
  readonly titles: Readonly<Record<string, string>>
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** What differs between two values, as Node tells it. */
export function createDiff({ show, titles }: Options) {
  return (actual: unknown, expected: unknown, asked: string, more: { readonly message?: string | undefined; readonly detail?: string | undefined } = {}): string => {
    const isReference = asked === 'strictEqual' && ((isObject(actual) && isObject(expected)) || (typeof actual === 'function' && typeof expected === 'function'))
    let operator = isReference ? 'strictEqualObject' : asked
    const [left, right] = [show(actual), show(expected)]
    const [first, second] = [left.split('\n'), right.split('\n')]
    let header = '+ actual - expected'
    let isCut = false
    let text: string
    if (first.length === 1 && second.length === 1 && !(isObject(actual) && isObject(expected))) {
      const strings = Number(typeof actual === 'string') + Number(typeof expected === 'string')
      if (left.length + right.length - 2 * strings <= MOST_SHORT && (actual !== 0 || expected !== 0)) {
        text = `${left} !== ${right}`
        header = ''
      } else text = stack(left, right, strings === 2)
    } else if (left === right) {
      operator = 'notIdentical'
      header = ''
      isCut = first.length > MOST_SAME_OBJECTS && more.detail !== 'full'
      text = isCut ? `${first.slice(0, MOST_SAME_OBJECTS).join('\n')}\n...}` : left
    } else {
      const printed = print(compareLines(first, second, isObject(actual)))
      text = printed.text
      isCut = printed.isCut
    }
    return `${more.message === undefined || more.message === '' ? titles[operator]! : more.message}\n${header}${isCut ? '\n... Skipped lines' : ''}\n${text}\n`
  }
}

/** One above the other, with a mark where two strings part. */
function stack(left: string, right: string, strings: boolean): string {
  const text = `\n+ ${left}\n- ${right}`
  if (!strings || left.length + right.length > MOST_COLUMNS) return text
  let at = 0
  while (at < left.length && left[at] === right[at]) at++
  return at >= 3 && at < left.length ? `${text}\n${' '.repeat(at + 2)}^` : text
}

function print(steps: readonly Step[]): { readonly text: string; readonly isCut: boolean } {
  let text = ''
  let isCut = false
  let same = 0
  for (let at = 0; at < steps.length; at++) {
    const [kind, line] = steps[at]!
    if (kind !== ' ' && at > 0 && steps[at - 1]![0] === ' ') {
      // A single line is not worth leaving out.
      if (same === COLLAPSE + 2) text += `  ${steps[at - 2]![1]}\n`
      if (same >= COLLAPSE + 3) {
        text += '...\n'
        isCut = true
      }
      if (same > COLLAPSE) text += `  ${steps[at - 1]![1]}\n`
      same = 0
    }
    if (kind !== ' ') text += `${kind} ${line}\n`
    else if (same++ < COLLAPSE) text += `  ${line}\n`
  }
  return { text: `\n${text.trimEnd()}`, isCut }
}

/**
 * The shortest way from `expected` to `actual`; lines that differ in a comma at their end are the same with `commas`.
 * @see E. W. Myers, An O(ND) Difference Algorithm and Its Variations, 1986
 */
function compareLines(actual: readonly string[], expected: readonly string[], commas: boolean): Step[] {
  const same = (a: string, b: string): boolean => a === b || (commas && (`${a},` === b || a === `${b},`))
  const most = actual.length + expected.length
  const reach = new Int32Array(2 * most + 2)
  /** What was reached before each level, from diagonal `-level - 1` on. */
  const trace: Int32Array[] = []
  const next = (level: number, diagonal: number, at: (diagonal: number) => number): number =>
    diagonal === -level || (diagonal !== level && at(diagonal - 1) < at(diagonal + 1)) ? diagonal + 1 : diagonal - 1
  for (let level = 0; ; level++) {
    trace.push(reach.slice(Math.max(0, most - level - 1), most + level + 2))
    const at = (diagonal: number): number => reach[diagonal + most] ?? 0
    for (let diagonal = -level; diagonal <= level; diagonal += 2) {
      const from = next(level, diagonal, at)
      let x = from > diagonal ? at(from) : at(from) + 1
      if (level === 0) x = 0
      while (x < actual.length && x - diagonal < expected.length && same(actual[x]!, expected[x - diagonal]!)) x++
      reach[diagonal + most] = x
      if (x >= actual.length && x - diagonal >= expected.length) return trackBack(trace, { actual, expected, commas, most, next })
    }
  }
}

interface Track {
  readonly actual: readonly string[]
  readonly expected: readonly string[]
  readonly commas: boolean
  readonly most: number
  readonly next: (level: number, diagonal: number, at: (diagonal: number) => number) => number
}

function trackBack(trace: readonly Int32Array[], { actual, expected, commas, most, next }: Track): Step[] {
  const steps: Step[] = []
  let x = actual.length
  let y = expected.length
  for (let level = trace.length - 1; level >= 0; level--) {
    const reach = trace[level]!
    const first = Math.max(0, most - level - 1) - most
    const at = (diagonal: number): number => reach[diagonal - first] ?? 0
    const from = next(level, x - y, at)
    const toX = level === 0 ? 0 : at(from)
    const toY = level === 0 ? 0 : toX - from
    while (x > toX && y > toY) {
      const line = actual[--x]!
      y--
      steps.push([' ', commas && !line.endsWith(',') ? expected[y]! : line])
    }
    if (level > 0) steps.push(x > toX ? ['+', actual[--x]!] : ['-', expected[--y]!])
  }
  return steps.reverse()
}
