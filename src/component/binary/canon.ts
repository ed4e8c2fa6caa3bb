import type { Reader } from '../../../wasm/meter/reader.js'
import type { Scope } from './scope.js'
import { at, each } from './read.js'

/**
 * Reads a canonical definition; only those that lift a core function make something of the component's own.
 * Those of asynchronous components, WASI 0.3, are refused.
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md#canonical-definitions
 */
export function readCanon(reader: Reader, scope: Scope): void {
  const kind = reader.u8()
  if (kind === 0) {
    if (reader.u8() !== 0) reader.malformed('a lifted function')
    reader.u32()
    readOptions(reader)
    const type = at(reader, scope.types, 'type')
    if (type.sort !== 'function') reader.malformed('a function of another type')
    scope.functions.push(type)
  } else if (kind === 1) {
    if (reader.u8() !== 0) reader.malformed('a lowered function')
    at(reader, scope.functions, 'function')
    readOptions(reader)
  } else if (kind === 2 || kind === 3 || kind === 4) {
    at(reader, scope.types, 'type')
  } else reader.malformed(`canonical function 0x${kind.toString(16)}, of asynchronous components`)
}

function readOptions(reader: Reader): void {
  each(reader, 1, () => {
    const option = reader.u8()
    if (option === 3 || option === 4 || option === 5) reader.u32()
    else if (option > 2) reader.malformed(`canonical option 0x${option.toString(16)}, of asynchronous components`)
  })
}
