import type { Primitive } from '../engine.js'

/** What a packet's data says of a value that crosses as it is; texts are the packet's text. */
export interface Bare {
  readonly bare: 'text' | 'number' | 'true' | 'false' | 'null' | 'undefined'
}

/** JSON knows neither NaN nor -0, so numbers go as text. */
export function toBare(value: Primitive): { readonly data: Bare; readonly text: string } {
  switch (typeof value) {
    case 'string':
      return { data: { bare: 'text' }, text: value }
    case 'number':
      return { data: { bare: 'number' }, text: Object.is(value, -0) ? '-0' : String(value) }
    default:
      return { data: { bare: String(value) as Bare['bare'] }, text: '' }
  }
}

export function fromBare({ bare }: Bare, text: string): Primitive {
  switch (bare) {
    case 'text':
      return text
    case 'number':
      return Number(text)
    case 'null':
      return null
    case 'undefined':
      return undefined
    default:
      return bare === 'true'
  }
}
