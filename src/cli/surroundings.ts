/** What the command has of the process it runs in. */
export interface Surroundings {
  /** What follows the command's name. */
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly stdin: AsyncIterable<Uint8Array>
  readonly stdout: Output
  readonly stderr: Output
  /** The file that threads start with; it is the command's own. */
  readonly entry: URL
  /** Calls back on an interrupt; returns the way to stop listening. */
  onInterrupt(listener: () => void): () => void
}

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean
}
