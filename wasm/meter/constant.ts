import { readRefType } from './declarations.js'
import { Edit, type Edits } from './edits.js'
import { MeterError, type Refusal } from './error.js'
import type { ModuleReader } from './module.js'
import type { Reader } from './reader.js'
import { refusedFeature } from './opcodes.js'

/**
 * Reads a constant expression, extended constants included.
 * @see https://webassembly.github.io/spec/core/valid/instructions.html#constant-expressions
 */
export function readConstant(module: ModuleReader, reader: Reader, edits: Edits): void {
  for (;;) {
    const at = reader.pos
    const opcode = reader.u8()
    switch (opcode) {
      case 0x0b:
        return
      case 0x23:
        module.index(reader, edits, Edit.Global)
        break
      case 0x41:
        reader.skipSigned(32)
        break
      case 0x42:
        reader.skipSigned(64)
        break
      case 0x43:
        reader.skip(4)
        break
      case 0x44:
        reader.skip(8)
        break
      case 0x6a: case 0x6b: case 0x6c: case 0x7c: case 0x7d: case 0x7e:
        module.features.add('extended-const')
        break
      case 0xd0:
        readRefType(reader)
        break
      case 0xd2:
        module.referenced.add(module.index(reader, edits, Edit.Function))
        break
      case 0xfd:
        if (reader.u32() !== 0x0c) throw new MeterError('malformed', at, 'an instruction that is not constant')
        reader.skip(16)
        break
      default: {
        const known: Refusal = refusedFeature(opcode, opcode === 0xfb ? reader.u32() : opcode)
        throw new MeterError(known === 'unknown-opcode' ? 'malformed' : known, at, 'an instruction that is not constant')
      }
    }
  }
}
