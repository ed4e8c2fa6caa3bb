import { describe, expect, it } from 'vitest'
import { compileText, createLink } from './support.js'

const ADD = `(component
  (core module $m (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
  (core instance $m (instantiate $m))
  (func $add (param "a" u32) (param "b-c" u32) (result u32) (canon lift (core func $m "add")))
  (instance $i (export "add-all" (func $add)))
  (export "acme:my/math@1.0.0" (instance $i))
  (export "plain-add" (func $add)))`

describe('compileComponent()', () => {
  it('makes instances whose exports are called by their JavaScript names', async () => {
    const compiled = await compileText(ADD)
    const link = createLink()
    const { exports } = compiled.instantiate({}, link)
    expect((exports['acme:my/math@1.0.0'] as { addAll(a: number, b: number): number }).addAll(2, 3)).toBe(5)
    expect((exports['plainAdd'] as (a: number, b: number) => number)(40, 2)).toBe(42)
  })
})
