/**
 * What of a contender a case needs; a contender takes part in the cases whose way it can open.
 * Several cases may share one way: every kernel is one more program for `session`.
 */
export type Way =
  | 'fresh-isolate' // each evaluation gets an isolate of its own and ends it
  | 'session' // one isolate that stays; programs are expressions
  | 'compute' // as `session`, or an isolate for each evaluation where there are no sessions
  | 'host-call' // a session with `exists`
  | 'tool-call' // a session with `lookup`
  | 'console' // the program prints with `console.log`; the lines the host has got come back, not its value
  | 'import' // opening imports the package and makes nothing
  | 'value' // the program is a function of `given.input`; its value comes back
  | 'bytes' // as `value`, where the input or what comes back is a `Uint8Array`
  | 'modules' // the program imports from `given.modules`
  | 'files' // the program has `files.read(name)`, `files.write(name, text)` and `files.list()` of `host.folder`
  | 'http' // the program has `get(url)`, which promises the text behind a URL of `host.origin`
  // The program of the next three is the name of a guest, whose one function is called with `given.input`, the list of its arguments.
  | 'component-load' // each evaluation gets the guest ready from its bytes and calls it once
  | 'component-instantiate' // each evaluation makes an instance of what is ready and calls it once
  | 'component-call' // each evaluation calls what is ready, in one instance that stays where the contender has such
  | 'component-files' // the program is the command line of the guest `io`, whose `/data` is `host.folder`; yields the size of `a.txt` there, as the host sees it then
  | 'kept-isolate' // each evaluation makes an isolate, evaluates the program in it, and keeps it alive
  | 'waiting-isolate' // each evaluation leaves an isolate behind that waits for `lookup`, which never answers; yields true once it waits
  | 'running-isolate' // as `waiting-isolate`, but `lookup` answers and the program runs on
  | 'waiting-call' // as `tool-call`, in an isolate of its own for each evaluation; many run at once
  | 'hostile' // as `fresh-isolate`, under `host.limits`; throws `Stopped` when a limit ended the program

/** `contained` holds a guest by some means; `baseline` shows what the same work costs uncontained. */
export type ArmKind = 'contained' | 'baseline'

/** Evaluates the text of an expression, and yields its value or a promise of it. */
export type Evaluate = (program: string, given: Given) => unknown

/** What a program is given beside its text, by the case. */
export interface Given {
  readonly input?: unknown
  /** Sources by the name they are imported by. */
  readonly modules?: Readonly<Record<string, string>>
}

/** What the host offers to programs that call out, under these names, and what a contender may use to set itself up. */
export interface HostFunctions {
  exists(path: string): boolean
  lookup(item: Item): Promise<Item & { readonly found: boolean }>
  /** An empty directory of this arm alone; removed by the harness. */
  readonly folder: string
  /** `http://127.0.0.1:PORT` of a server that answers `GET /item.json` with `{"id":7,"name":"item"}`; empty unless the case has `serves`. */
  readonly origin: string
  /** To be set where a contender knows such a limit. */
  readonly limits: GuestLimits
}

export interface GuestLimits {
  readonly deadlineMs: number
  readonly memoryBytes: number
}

export interface Item {
  readonly id: number
  readonly name: string
}

/** One thing that is measured, as data: every contender is handed the same programs. */
export type Case = SampledCase | OutcomeCase
export type SampledCase = LatencyCase | SeriesCase

interface CaseBase {
  readonly name: string
  readonly title: string
  /** What one operation is and is not, for the reader of the table. */
  readonly about: string
  readonly opens: Way
  /** What a contender must answer, in this order, before it is timed; in an `outcome` case also after every program. */
  readonly proofs: readonly Proof[]
  /** Starts the server of `host.origin`; that origin also stands where programs and proofs have `__ORIGIN__`. @default none */
  readonly serves?: 'http'
  /** What `--quick` does of it: nothing, or only these points or programs and contenders. @default all of it */
  readonly quick?: 'nothing' | { readonly at?: readonly At[]; readonly contenders?: readonly string[] }
}

interface Sampled {
  /** Less is better of `time` (milliseconds per operation) and `memory` (bytes per evaluation), more of `rate` (operations a second). @default 'time' */
  readonly quantity?: Quantity
  /**
   * What is timed. Opening can be timed once in a process, so each sample is taken in a process of its own;
   * the start of that process is not counted. @default 'evaluation'
   */
  readonly span?: 'evaluation' | 'opening' | 'opening and evaluation'
  /** Milliseconds of rest before each evaluation, not timed: what was put off until nobody waits is done by then. @default 0 */
  readonly restMs?: number
  readonly pace: { readonly [K in Pace]: Counts }
  /** @default those of the run */
  readonly rounds?: { readonly full: number; readonly quick: number }
}

/** One number for each contender. */
export interface LatencyCase extends CaseBase, Sampled, Task {
  readonly kind: 'latency'
}

/** A number for each contender at each point of an axis: sizes, concurrency, counts, or names such as those of kernels. */
export interface SeriesCase extends CaseBase, Sampled {
  readonly kind: 'series'
  readonly axis: Axis
  readonly points: readonly Point[]
}

/**
 * What becomes of hostile programs, each in a process of its own that the harness kills when nobody else ends it:
 * who stopped it, when, at what memory, and whether the host was still sound.
 */
export interface OutcomeCase extends CaseBase {
  readonly kind: 'outcome'
  readonly limits: GuestLimits
  /** Milliseconds past the deadline after which the harness kills the process. */
  readonly killAfterMs: number
  readonly programs: readonly Hostile[]
  /** Times each program is run by each contender. */
  readonly trials: { readonly full: number; readonly quick: number }
}

/** Where on the axis. */
export type At = number | string

export type Axis =
  | { readonly kind: 'number'; readonly title: string; readonly unit: 'bytes' | 'count'; readonly scale: 'log' | 'linear' }
  | { readonly kind: 'names'; readonly title: string }

export type Quantity = 'time' | 'rate' | 'memory'

/** What one sample does. */
export interface Task {
  readonly program: string
  /** Compared as a structured clone, whatever realm it comes from; never within the time. */
  readonly expected: unknown
  /** Operations one evaluation of the program does; times are divided by it. */
  readonly operations: number
  /** The program without the operations; its time is taken off. @default nothing is taken off */
  readonly twin?: string
  readonly given?: Given
  /** Evaluations of one sample, which is their mean. @default 1 */
  readonly evaluations?: number
  /** How many of them are under way at once. @default 1 */
  readonly atOnce?: number
}

export interface Point extends Task {
  readonly at: At
  /** @default that of the case */
  readonly pace?: Sampled['pace']
}

/** A program that means harm. */
export interface Hostile {
  readonly name: string
  /** What it tries, in a few words, for the table. */
  readonly threat: string
  /**
   * An expression. What it may do to the host and be found out: put keys on `Object.prototype`, `Array.prototype`,
   * `Function.prototype` or `globalThis`, give back or throw the text in `process.env.BENCH_CANARY` or in the file `canary.txt`
   * of `host.folder`, or change that file.
   */
  readonly program: string
  /** What it returns when it got where it should not. @default nothing it returns tells of an escape */
  readonly escaped?: unknown
}

/** Thrown by a contender whose own limit ended a program; any other error counts as the guest's own. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  /** `by`: which limit, such as `deadline`, `fuel` or `memory`. */
  constructor(readonly by: string) {
    super(`stopped by ${by}`)
  }
}

export interface Proof {
  readonly program: string
  readonly expected: unknown
  readonly given?: Given
  /** Only asked of contenders that claim to contain. @default asked of all */
  readonly of?: 'contained'
}

/** `slow` contenders take tens of milliseconds and are sampled less often. */
export type Pace = 'fast' | 'slow'

/** Fixed counts, so that two runs do the same work. */
export interface Counts {
  /** Evaluations before the first sample. */
  readonly warmUp: number
  /** Samples in each round, behind one evaluation that is not timed. */
  readonly burst: number
}

/** One technique, in one way of using it. */
export interface Contender {
  readonly name: string
  readonly arm: ArmKind
  /** The limits it is given here; whether they hold is another question. */
  readonly limits: string
  readonly pace: Pace
  /** The packages it needs, of `bench/package.json` or `glovebox` itself. @default none */
  readonly package?: string | readonly string[]
  /** Flags of Node for its processes. @default none */
  readonly nodeFlags?: readonly string[]
  readonly open: { readonly [K in Way]?: (host: HostFunctions) => Promise<Evaluate> }
  /** Ways it might be thought to have and has not, each with the reason, which the report gives. @default none */
  readonly lacks?: { readonly [K in Way]?: string }
}

/** Milliseconds since any moment, as fine as the platform has it. */
export type Clock = () => number
