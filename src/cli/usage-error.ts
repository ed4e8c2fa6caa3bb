/** A command line that cannot be meant; the command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
