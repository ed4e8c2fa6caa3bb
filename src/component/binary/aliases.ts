import type { Reader } from '../../../wasm/meter/reader.js'
import { add, readSort } from './externs.js'
import type { Scope } from './scope.js'
import { at } from './read.js'

/**
 * Reads an alias, and gives what it stands for the next index of its sort.
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#alias-definitions
 */
export function readAlias(reader: Reader, scope: Scope): void {
  const sort = readSort(reader)
  const target = reader.u8()
  if (target === 0) {
    const { exports } = at(reader, scope.instances, 'instance')
    const name = reader.name()
    add(reader, scope, sort, exports.get(name) ?? reader.malformed('an alias of something that is not exported'))
  } else if (target === 1) {
    if (sort !== 'core') reader.malformed('an alias of a core export')
    reader.u32()
    reader.name()
  } else if (target === 2) {
    const levels = reader.u32()
    let outer: Scope | undefined = scope
    for (let level = 0; level < levels && outer !== undefined; level += 1) outer = outer.parent
    if (outer === undefined) return reader.malformed('an alias of an outer component')
    if (sort === 'type') add(reader, scope, sort, at(reader, outer.types, 'type'))
    else if (sort === 'component') add(reader, scope, sort, at(reader, outer.components, 'component'))
    else if (sort === 'core') reader.u32()
    else reader.malformed(`an alias of an outer ${sort}`)
  } else reader.malformed('an alias')
}
