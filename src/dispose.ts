/** Runs disposals last in first out, every one of them; the first failure is thrown when all are done. */
export function disposeAll(disposals: (() => void)[]): void {
  const failures: unknown[] = []
  for (let dispose = disposals.pop(); dispose !== undefined; dispose = disposals.pop()) {
    try {
      dispose()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
}
