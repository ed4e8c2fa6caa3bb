/** The cases there are; a contender takes part in those it has a way to open. */
export type CaseName = 'fresh-isolate' | 'host-call' | 'tool-call'

/** `contained` holds a guest by some means; `baseline` shows what the same work costs uncontained. */
export type ArmKind = 'contained' | 'baseline'

/** Evaluates the text of an expression, and yields its value or a promise of it. */
export type Evaluate = (program: string) => unknown

/** What the host offers to programs that call out, under these names. */
export interface HostFunctions {
  exists(path: string): boolean
  lookup(item: Item): Promise<Item & { readonly found: boolean }>
}

export interface Item {
  readonly id: number
  readonly name: string
}

/** One thing that is measured, as data: every contender is handed the same programs. */
export interface Case {
  readonly name: CaseName
  readonly title: string
  /** What one operation is and is not, for the reader of the table. */
  readonly about: string
  /** What a contender must answer, in this order, before it is timed. */
  readonly proofs: readonly Proof[]
  readonly program: string
  readonly expected: string | number | boolean
  /** Operations one evaluation of the program does; times are divided by it. */
  readonly operations: number
  /** The program without the operations; its time is taken off. @default nothing is taken off */
  readonly twin?: string
  readonly pace: { readonly [K in Pace]: Counts }
}

export interface Proof {
  readonly program: string
  readonly expected: string | number | boolean
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
  /** The package it needs, of `bench/package.json` or `glovebox` itself. @default none */
  readonly package?: string
  /** For `fresh-isolate` each evaluation gets an isolate of its own and ends it. */
  readonly open: { readonly [K in CaseName]?: (host: HostFunctions) => Promise<Evaluate> }
}

/** Milliseconds since any moment, as fine as the platform has it. */
export type Clock = () => number
