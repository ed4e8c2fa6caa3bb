/** The shape of a function body: what control and calls do, and how many instructions lie between. */
export const enum Step {
  Block,
  /** `value`: its ordinal in the body. The offset is the one behind its head. */
  Loop,
  If,
  /** `value`: 1 when it ends a loop. */
  End,
  Else,
  /** `value`: label depth. The path ends here. */
  Branch,
  /** `value`: label depth. The path may go on. A `br_table` is some of these and a `Branch`. */
  BranchIf,
  /** `unreachable`, `return`, the end of a tail call. */
  Leave,
  /** `value`: function index. */
  Call,
  /** `value`: type index. A call through a table. */
  CallIndirect,
}

/** Steps of all bodies of a module in one array: kind, value, instructions before it, byte offset. */
export class Trace {
  static readonly stride = 4
  #steps = new Int32Array(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  get steps(): Int32Array {
    return this.#steps
  }

  push(kind: Step, value: number, before: number, offset: number): void {
    const at = this.#length
    if (at + Trace.stride > this.#steps.length) {
      const grown = new Int32Array(this.#steps.length * 2)
      grown.set(this.#steps)
      this.#steps = grown
    }
    const steps = this.#steps
    steps[at] = kind
    steps[at + 1] = value
    steps[at + 2] = before
    steps[at + 3] = offset
    this.#length = at + Trace.stride
  }
}
