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

/** Ranges to be written anew, in ascending order: one flat list of start, end, kind, value. */
export class Edits {
  static readonly stride = 4
  readonly list: number[] = []

  add(start: number, end: number, kind: Edit, value: number): void {
    this.list.push(start, end, kind, value)
  }
}
