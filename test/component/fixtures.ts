/** A core module with a memory and an allocator that never frees; `grow` when it must. */
export const LIBC = `
  (core module $libc
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    (func (export "realloc") (param i32 i32 i32 i32) (result i32)
      (local $at i32)
      (local.set $at (i32.and (i32.add (global.get $next) (i32.const 15)) (i32.const -16)))
      (global.set $next (i32.add (local.get $at) (local.get 3)))
      (block $fits
        (br_if $fits (i32.le_u (global.get $next) (i32.mul (memory.size) (i32.const 65536))))
        (br_if $fits (i32.ne (memory.grow (i32.add (i32.const 1) (i32.div_u (local.get 3) (i32.const 65536)))) (i32.const -1)))
        unreachable)
      (memory.copy (local.get $at) (local.get 0) (local.get 1))
      (local.get $at)))
  (core instance $l (instantiate $libc))`

/** Options of a lifted function that passes texts and lists. */
export const CANON = '(memory (core memory $l "memory")) (realloc (core func $l "realloc"))'

/**
 * A component with an interface `acme:echo/values` whose functions give back lists as they got them, by name and type of
 * their elements. Types that must have names are declared, and used as `$name`.
 */
export function echo(functions: Readonly<Record<string, string>>, declarations: readonly (readonly [name: string, definition: string])[] = []): string {
  const named = declarations.map(([name]) => name)
  const types = declarations.map(([name, definition]) => `(type $${name} ${definition})`).join('\n')
  const signature = (type: string): string => `(param "value" (list ${type})) (result (list ${type}))`
  const all = Object.entries(functions)
  // Lists travel as a pointer and a length, whatever is in them: so one function gives back all of them.
  return `(component ${LIBC}
    (core module $m
      (import "l" "memory" (memory 1))
      (func (export "echo") (param i32 i32) (result i32)
        (i32.store (i32.const 8) (local.get 0))
        (i32.store (i32.const 12) (local.get 1))
        (i32.const 8)))
    (core instance $i (instantiate $m (with "l" (instance $l))))
    ${types}
    ${all.map(([name, type]) => `(func $${name} ${signature(type)} (canon lift (core func $i "echo") ${CANON}))`).join('\n')}
    (component $named
      ${declarations.map(([name, definition]) => `(type $${name}0 ${definition}) (import "type-${name}" (type $${name} (eq $${name}0)))`).join('\n')}
      ${all.map(([name, type]) => `(import "func-${name}" (func $${name} ${signature(type)}))`).join('\n')}
      ${named.map((name) => `(export $${name}1 "${name}" (type $${name}))`).join('\n')}
      ${all.map(([name, type]) => `(export "${name}" (func $${name}) (func ${signature(type.replace(/\$[\w-]+/, '$&1'))}))`).join('\n')})
    (instance $values (instantiate $named
      ${named.map((name) => `(with "type-${name}" (type $${name}))`).join('\n')}
      ${all.map(([name]) => `(with "func-${name}" (func $${name}))`).join('\n')}))
    (export "acme:echo/values" (instance $values)))`
}

/** A component of one core module: `core` is what it holds, `lifts` what is lifted of it. It may use `$l`, see `LIBC`. */
export function single(core: string, lifts: string): string {
  return `(component ${LIBC}
    (core module $m (import "l" "memory" (memory 1)) ${core})
    (core instance $i (instantiate $m (with "l" (instance $l))))
    ${lifts})`
}

/** Lifts a function of `$i` under its own name; `type` is its parameters and result. */
export const lift = (name: string, type = ''): string => `(func (export "${name}") ${type} (canon lift (core func $i "${name}") ${CANON}))`
