import type { Module } from '../../wasm/meter/module.js'
import { GloveboxError } from '../errors.js'

const WIT_TYPES: Readonly<Record<string, string>> = { '\x7f': 's32', '\x7e': 's64', '\x7d': 'f32', '\x7c': 'f64' }

/** A name that the component model takes as it is. */
const KEBAB = /^[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*$/

/**
 * A world for a core module that has none: its exported functions of numbers, whose names the component model takes.
 * @throws GloveboxError `invalid-component` when there is no such function
 */
export function toNumericWorld({ exports, types, functions }: Module): string {
  const lines: string[] = []
  for (const { name, kind, index } of exports) {
    const signature = kind === 0 ? toSignature(types[functions[index] ?? -1]?.key ?? '') : undefined
    if (signature !== undefined && KEBAB.test(name)) lines.push(`  export %${name}: ${signature};`)
  }
  if (lines.length === 0) {
    throw new GloveboxError('invalid-component', 'Cannot load the core module: it is no WASI command, carries no world, and exports no function of numbers with a name such as "add-all"; make it a component')
  }
  return `package root:module;\n\nworld root {\n${lines.join('\n')}\n}\n`
}

/** A function type as the meter has it, parameters `>` results, as text. */
function toSignature(key: string): string | undefined {
  const [params = '', results = ''] = key.split('>')
  const list = [...params].map((type) => WIT_TYPES[type])
  const result = WIT_TYPES[results]
  if (list.includes(undefined) || (results !== '' && result === undefined)) return undefined
  return `func(${list.map((type, index) => `p${index}: ${type}`).join(', ')})${result === undefined ? '' : ` -> ${result}`}`
}
