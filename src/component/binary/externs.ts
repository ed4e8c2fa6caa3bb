import type { Reader } from '../../../wasm/meter/reader.js'
import type { Core, Entity, Scope, Type } from './scope.js'
import { at, readFlag } from './read.js'

const CORE: Core = Object.freeze({ sort: 'core' })

/** Reads what is imported or exported under a name, and gives it the next index of its sort. */
export function readExternType(reader: Reader, scope: Scope, name: string): Entity {
  const kind = reader.u8()
  switch (kind) {
    case 0:
      if (reader.u8() !== 0x11) reader.malformed('a core sort')
      reader.u32()
      return CORE
    case 1: {
      const type = at(reader, scope.types, 'type')
      return type.sort === 'function' ? push(scope.functions, type) : reader.malformed('a function of another type')
    }
    case 2:
      // Values are no part of what runs today, and the transpiler refuses them.
      return reader.malformed('a value')
    case 3:
      return push(scope.types, readBound(reader, scope, name))
    case 4: {
      const type = at(reader, scope.types, 'type')
      return type.sort === 'component' ? push(scope.components, type) : reader.malformed('a component of another type')
    }
    case 5: {
      const type = at(reader, scope.types, 'type')
      return type.sort === 'instance' ? push(scope.instances, type) : reader.malformed('an instance of another type')
    }
    default:
      return reader.malformed(`a sort 0x${kind.toString(16)}`)
  }
}

function readBound(reader: Reader, scope: Scope, name: string): Type {
  if (readFlag(reader)) return { sort: 'resource', name, owner: undefined }
  return named(at(reader, scope.types, 'type'), name)
}

/** A type under a name: what had none yet gets it, and another name for the same makes another type. */
export function named(type: Type, name: string): Type {
  if (type.sort === 'resource') {
    type.name ??= name
    return type
  }
  if (type.sort !== 'value' || type.name === name) return type
  return { ...type, name, owner: undefined, origin: type }
}

/** What may stand in an index space; each sort has its own. */
export type Sort = 'core' | 'function' | 'type' | 'component' | 'instance'

export function readSort(reader: Reader): Sort {
  const sort = reader.u8()
  switch (sort) {
    case 0:
      reader.u8()
      return 'core'
    case 1: return 'function'
    case 3: return 'type'
    case 4: return 'component'
    case 5: return 'instance'
    default: return reader.malformed(`sort 0x${sort.toString(16)}`)
  }
}

/** Reads an index into the space of a sort. */
export function readIndex(reader: Reader, scope: Scope, sort: Sort): Entity {
  if (sort === 'core') {
    reader.u32()
    return CORE
  }
  return at<Entity>(reader, spaceOf(scope, sort), sort)
}

/** Gives something the next index of its sort. */
export function add(reader: Reader, scope: Scope, sort: Sort, entity: Entity): void {
  if (sort === 'core') return
  const fits = sort === 'type' ? entity.sort !== 'core' : entity.sort === sort
  if (!fits) reader.malformed(`${entity.sort} where a ${sort} stands`)
  const space: Entity[] = spaceOf(scope, sort)
  space.push(entity)
}

function spaceOf(scope: Scope, sort: Exclude<Sort, 'core'>): Entity[] {
  switch (sort) {
    case 'function': return scope.functions
    case 'type': return scope.types
    case 'component': return scope.components
    case 'instance': return scope.instances
  }
}

function push<T>(space: T[], item: T): T {
  space.push(item)
  return item
}
