/** What is being done now, on one line of a terminal; elsewhere each new part of the work gets a line. */
export interface Progress {
  show(what: string): void
  /** A line that stays. */
  line(what: string): void
  clear(): void
}

export function createProgress(stream: { readonly isTTY?: boolean; write(text: string): unknown }): Progress {
  const wipe = stream.isTTY === true ? '\r\u001b[K' : ''
  let part = ''
  return {
    show(what) {
      if (stream.isTTY === true) return void stream.write(`${wipe}bench: ${what}`)
      const next = what.split(':')[0]!
      if (next !== part) stream.write(`bench: ${next} …\n`)
      part = next
    },
    line: (what) => void stream.write(`${wipe}bench: ${what}\n`),
    clear: () => void stream.write(wipe),
  }
}
