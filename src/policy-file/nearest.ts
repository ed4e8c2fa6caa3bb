/**
 * The known name a misspelt one most likely means, or undefined when none is near.
 * Letters left out, added, exchanged or swapped count one each; a third of the name may differ.
 * @see Damerau, "A technique for computer detection and correction of spelling errors" (1964)
 */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MOST_CHARACTERS) return undefined
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const distance = distanceOf(name.toLowerCase(), candidate.toLowerCase())
    if (distance >= least) continue
    least = distance
    best = candidate
  }
  return best
}

/** Longer names are no misspelling of ours, and the table is quadratic. */
const MOST_CHARACTERS = 64

function distanceOf(from: string, to: string): number {
  const rows = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      let cost = Math.min(row[j - 1]! + 1, rows[i - 1]![j]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) cost = Math.min(cost, rows[i - 2]![j - 2]! + 1)
      row.push(cost)
    }
    rows.push(row)
  }
  return rows[from.length]![to.length]!
}

/** ` did you mean "mode"?` or nothing, to end a sentence about an unknown name. */
export function suggestion(name: string, known: Iterable<string>): string {
  const meant = nearest(name, known)
  return meant === undefined ? '' : `; did you mean "${meant}"?`
}
