/** What stands in a range of the input that is written anew. */
export const enum Edit {
  /** A function index. */
  Function,
  /** A global index. */
  Global,
  /** `value`: the depth of a label outside of the innermost loop. */
  Label,
  /** The head of a loop, its block type included; `value`: its ordinal in the body. */
  Loop,
  /** The `end` of a loop; `value`: its ordinal. */
  LoopEnd,
}

const EMPTY = new Int32Array(0)

/** Ranges to be written anew, in ascending order: start, end, kind, value. */
export class Edits {
  static readonly stride = 4
  #list = EMPTY
  #length = 0

  get length(): number {
    return this.#length
  }

  get list(): Int32Array {
    return this.#list
  }

  add(start: number, end: number, kind: Edit, value: number): void {
    const at = this.#length
    if (at === this.#list.length) {
      const grown = new Int32Array(Math.max(16, at * 2))
      grown.set(this.#list)
      this.#list = grown
    }
    this.#list[at] = start
    this.#list[at + 1] = end
    this.#list[at + 2] = kind
    this.#list[at + 3] = value
    this.#length = at + Edits.stride
  }
}
