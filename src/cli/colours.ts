/** Marks text when it is shown on a terminal. */
export interface Colours {
  red(text: string): string
  yellow(text: string): string
  dim(text: string): string
  bold(text: string): string
}

/** Whether to colour: on a terminal, unless `NO_COLOR` says otherwise. @see https://no-color.org */
export function wantsColours(stream: { readonly isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}

export function toColours(options: { readonly when: boolean }): Colours {
  const paint = (open: number, close: number) => (text: string) => (options.when ? `\u001b[${open}m${text}\u001b[${close}m` : text)
  return { red: paint(31, 39), yellow: paint(33, 39), dim: paint(2, 22), bold: paint(1, 22) }
}
