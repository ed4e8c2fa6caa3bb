/**
 * A guest's value as JSON text can carry it, nothing lost: what JSON has is itself, anything else an object whose only
 * key starts with `$`; an object with such a key of its own becomes `{ "$object": [[key, value], ...] }`.
 * An object met again is `{ "$ref": n }`, the one numbered n; only such objects have a number, as `{ "$id": n, "$value": ... }`.
 */
export function toJsonValue(value: unknown): unknown {
  return new Writer(countReferences(value)).write(value)
}

class Writer {
  readonly #shared: ReadonlySet<object>
  readonly #numbers = new Map<object, number>()

  constructor(shared: ReadonlySet<object>) {
    this.#shared = shared
  }

  write(value: unknown): unknown {
    switch (typeof value) {
      case 'undefined':
        return { $undefined: true }
      case 'bigint':
        return { $bigint: String(value) }
      case 'number':
        return Number.isFinite(value) && !Object.is(value, -0) ? value : { $number: Object.is(value, -0) ? '-0' : String(value) }
      case 'object':
        break
      default:
        return value
    }
    if (value === null) return null
    const number = this.#numbers.get(value)
    if (number !== undefined) return { $ref: number }
    if (!this.#shared.has(value)) return this.#object(value)
    const id = this.#numbers.size + 1
    this.#numbers.set(value, id)
    return { $id: id, $value: this.#object(value) }
  }

  #object(value: object): unknown {
    if (Array.isArray(value)) return this.#array(value)
    if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.toISOString() }
    if (value instanceof RegExp) return { $regexp: [value.source, value.flags] }
    if (value instanceof Map) return { $map: [...value].map(([key, member]) => [this.write(key), this.write(member)]) }
    if (value instanceof Set) return { $set: [...value].map((member) => this.write(member)) }
    if (value instanceof Error) return { $error: this.#fields(value, errorKeys(value)) }
    if (value instanceof ArrayBuffer) return { $bytes: toBase64(value), type: 'ArrayBuffer' }
    if (ArrayBuffer.isView(value)) return this.#view(value)
    const boxed = unbox(value)
    if (boxed !== undefined) return { $boxed: this.write(boxed) }
    return this.#plain(value as Record<string, unknown>)
  }

  #view(view: ArrayBufferView): unknown {
    const { buffer, byteOffset, byteLength } = view
    const type = (view as Uint8Array | DataView)[Symbol.toStringTag]
    if (byteLength === buffer.byteLength && !this.#shared.has(buffer)) return { $bytes: toBase64(buffer), type }
    return { $view: this.write(buffer), type, byteOffset, byteLength }
  }

  #array(value: readonly unknown[]): unknown {
    const items = Array.from({ length: value.length }, (_, index) => (Object.hasOwn(value, index) ? this.write(value[index]) : { $hole: true }))
    const further = Object.keys(value).filter((key) => !isIndex(key, value.length))
    return further.length === 0 ? items : { $array: items, properties: this.#fields(value, further) }
  }

  #plain(value: Record<string, unknown>): unknown {
    const keys = Object.keys(value)
    if (keys.some((key) => key.startsWith('$'))) return { $object: keys.map((key) => [key, this.write(value[key])]) }
    return this.#fields(value, keys)
  }

  #fields(value: object, keys: readonly string[]): Record<string, unknown> {
    const fields: Record<string, unknown> = Object.create(null)
    for (const key of keys) fields[key] = this.write((value as Record<string, unknown>)[key])
    return fields
  }
}

/** Objects that are met more than once. */
function countReferences(value: unknown): ReadonlySet<object> {
  const seen = new Set<object>()
  const shared = new Set<object>()
  const pending: unknown[] = [value]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null || shared.has(next)) continue
    if (seen.has(next)) {
      shared.add(next)
      continue
    }
    seen.add(next)
    if (next instanceof Map) for (const pair of next) pending.push(...pair)
    else if (next instanceof Set) for (const member of next) pending.push(member)
    else if (next instanceof Error) for (const key of errorKeys(next)) pending.push((next as unknown as Record<string, unknown>)[key])
    else if (ArrayBuffer.isView(next)) pending.push(next.buffer)
    else for (const member of Object.values(next)) pending.push(member)
  }
  return shared
}

function errorKeys(error: Error): readonly string[] {
  const named = Object.hasOwn(error, 'name') ? [] : ['name']
  return [...named, ...Object.getOwnPropertyNames(error)]
}

function isIndex(key: string, length: number): boolean {
  return /^(?:0|[1-9]\d*)$/.test(key) && Number(key) < length
}

function unbox(value: object): unknown {
  return value instanceof Number || value instanceof String || value instanceof Boolean || value instanceof BigInt ? value.valueOf() : undefined
}

function toBase64(buffer: ArrayBufferLike): string {
  return Buffer.from(buffer).toString('base64')
}
