const SIMPLE = /^[A-Za-z0-9 ]*$/

/** Whether texts are of letters, digits and spaces of ASCII only, whose order is the same in nearly every locale. */
export const isSimple = (a: string, b: string): boolean => SIMPLE.test(a) && SIMPLE.test(b)

/** Space, digits, letters: the order of what locales weigh first. */
const primary = (code: number): number => (code === 32 ? 0 : code < 58 ? code - 47 : (code | 32) - 86)

/**
 * The order of two simple texts in English: letters without their case first, then small ones before capital ones.
 * @see UTS #10, the default table
 */
export const compareSimple = (a: string, b: string): number => {
  const shorter = a.length < b.length ? a.length : b.length
  let tie = 0
  for (let i = 0; i < shorter; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left === right) continue
    const difference = primary(left) - primary(right)
    if (difference !== 0) return difference < 0 ? -1 : 1
    if (tie === 0) tie = left > right ? -1 : 1
  }
  return a.length === b.length ? tie : a.length < b.length ? -1 : 1
}
