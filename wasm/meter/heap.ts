/** A priority queue: the highest rank first. */
export class Heap {
  readonly #entries: { readonly rank: number; readonly item: number }[] = []

  push(rank: number, item: number): void {
    const entries = this.#entries
    let at = entries.push({ rank, item }) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#rank(parent) >= rank) return
      this.#swap(at, parent)
      at = parent
    }
  }

  pop(): { readonly rank: number; readonly item: number } | undefined {
    const entries = this.#entries
    const top = entries[0]
    const last = entries.pop()
    if (entries.length === 0 || last === undefined) return top
    entries[0] = last
    for (let at = 0; ; ) {
      let child = 2 * at + 1
      if (child + 1 < entries.length && this.#rank(child + 1) > this.#rank(child)) child += 1
      if (child >= entries.length || this.#rank(child) <= this.#rank(at)) return top
      this.#swap(at, child)
      at = child
    }
  }

  #rank(at: number): number {
    return (this.#entries[at] as { rank: number }).rank
  }

  #swap(a: number, b: number): void {
    const entries = this.#entries
    const held = entries[a]
    entries[a] = entries[b] as NonNullable<typeof held>
    entries[b] = held as NonNullable<typeof held>
  }
}
