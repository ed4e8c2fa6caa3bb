/**
 * The ways from guest to host, in the order the prelude receives them, each under the one-byte name by which the host
 * tells them apart.
 */
export const CROSSINGS = [
  ['call', 'c'],
  ['callAsync', 'a'],
  ['log', 'l'],
  ['library', 'b'],
  ['settle', 'r'],
  ['stop', 'x'],
  ['seed', 's'],
  ['settings', 'g'],
  ['source', 'm'],
  ['script', 'j'],
  ['timed', 't'],
] as const

export type Crossing = (typeof CROSSINGS)[number][0]
