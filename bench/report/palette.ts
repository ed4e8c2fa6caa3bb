/** A colour by day and by night. Data colours are told apart by people who see red and green alike. */
export interface Colour {
  readonly light: string
  readonly dark: string
}

export const INK = {
  text: { light: '#1c2024', dark: '#f0f2f5' },
  label: { light: '#3c4149', dark: '#c3c8d0' },
  line: { light: '#b9bec7', dark: '#59616d' },
  grid: { light: '#e4e6ea', dark: '#2c323b' },
} as const satisfies Record<string, Colour>

/** The contender all is about, those that contain, and those that do not. */
export const ARM_COLOURS = {
  glovebox: { light: '#d1480f', dark: '#ff9157' },
  contained: { light: '#1f6fb2', dark: '#63b3ed' },
  baseline: { light: '#767d88', dark: '#9aa2ae' },
} as const satisfies Record<string, Colour>

/** For the others of a series, in order; a baseline keeps its grey. */
export const SERIES_COLOURS: readonly Colour[] = [
  { light: '#1f6fb3', dark: '#63b3ee' },
  { light: '#2a9d6a', dark: '#5fd3a0' },
  { light: '#8a4fbf', dark: '#c79bf2' },
  { light: '#b8860b', dark: '#e8c04a' },
  { light: '#c2417c', dark: '#f28ab8' },
  { light: '#1496a3', dark: '#58d0dc' },
  { light: '#6b7a1f', dark: '#b9c95a' },
  { light: '#5a5fc0', dark: '#a3a7f5' },
  { light: '#96583a', dark: '#d9a283' },
  { light: '#3d6b5c', dark: '#8cc4b2' },
  { light: '#a03232', dark: '#f08a8a' },
  { light: '#4d6d8f', dark: '#a4c2e0' },
]

export const OUTCOME_COLOURS = {
  survived: { light: '#23905f', dark: '#2fae75' },
  wrong: { light: '#c99700', dark: '#d9a915' },
  ended: { light: '#d9691f', dark: '#e57f3a' },
  killed: { light: '#bf3b3b', dark: '#d45656' },
  escaped: { light: '#7a3fa0', dark: '#9c63c4' },
} as const satisfies Record<string, Colour>

const ALL: readonly Colour[] = [...Object.values(INK), ...Object.values(ARM_COLOURS), ...SERIES_COLOURS, ...Object.values(OUTCOME_COLOURS)]

/** Style sheet that turns the colours of a drawing made for the day into those of the night. */
export function nightRules(): string {
  const rules = ALL.map(({ light, dark }) => `[fill="${light}"]{fill:${dark}}[stroke="${light}"]{stroke:${dark}}`)
  return `@media (prefers-color-scheme: dark){${rules.join('')}}`
}
