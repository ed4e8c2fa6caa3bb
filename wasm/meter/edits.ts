import type { Writer } from './writer.js'

/** Where an edit stands for an index, or for a charge to insert. */
export const enum Edit {
  /** A function index. */
  Function,
  /** A global index. */
  Global,
  /** Fuel: `value` is the place in the list of charges. */
  Charge,
}

/**
 * Ranges of the input to be replaced, in ascending order.
 * One flat list, four numbers an edit: start, end, kind, value.
 */
export class Edits {
  readonly list: number[] = []

  add(start: number, end: number, kind: Edit, value: number): void {
    this.list.push(start, end, kind, value)
  }

  get length(): number {
    return this.list.length / 4
  }

  /** Copies `bytes[start, end)` to `out`, with `replace` writing what stands for each edited range. */
  apply(
    out: Writer,
    bytes: Uint8Array,
    start: number,
    end: number,
    replace: (out: Writer, kind: Edit, value: number) => void,
  ): void {
    let from = start
    const { list } = this
    for (let index = 0; index < list.length; index += 4) {
      out.slice(bytes, from, list[index] as number)
      replace(out, list[index + 2] as Edit, list[index + 3] as number)
      from = list[index + 1] as number
    }
    out.slice(bytes, from, end)
  }
}
