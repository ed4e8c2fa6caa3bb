import { invalidType, nodeError, outOfRange } from '../node/errors.js'

type Bytes = Uint8Array
type Method = (this: Bytes, ...args: any[]) => unknown

const view = (bytes: Bytes): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** @throws what Node throws for an offset at which `size` bytes do not lie */
function checkOffset(bytes: Bytes, offset: unknown, size: number): asserts offset is number {
  if (typeof offset !== 'number') throw invalidType('offset', 'of type number', offset)
  if (offset >= 0 && offset + size <= bytes.length && Number.isInteger(offset)) return
  if (!Number.isInteger(offset)) throw outOfRange('offset', 'an integer', offset)
  if (bytes.length < size) throw nodeError(RangeError, 'ERR_BUFFER_OUT_OF_BOUNDS', 'Attempt to access memory outside buffer bounds')
  throw outOfRange('offset', `>= 0 and <= ${bytes.length - size}`, offset)
}

function checkSize(size: unknown): asserts size is number {
  if (typeof size !== 'number') throw invalidType('byteLength', 'of type number', size)
  if (!Number.isInteger(size)) throw outOfRange('byteLength', 'an integer', size)
  if (size < 1 || size > 6) throw outOfRange('byteLength', '>= 1 and <= 6', size)
}

function checkValue(value: unknown, least: number | bigint, most: number | bigint, size: number, signed: boolean): void {
  // The engine compares large numbers with bigints wrongly.
  const [first, last] = typeof value === 'bigint' ? [least, most] : [Number(least), Number(most)]
  if (!((value as number) < first || (value as number) > last)) return
  const suffix = typeof least === 'bigint' ? 'n' : ''
  const range =
    size > 4
      ? signed
        ? `>= -(2${suffix} ** ${size * 8 - 1}${suffix}) and < 2${suffix} ** ${size * 8 - 1}${suffix}`
        : `>= 0${suffix} and < 2${suffix} ** ${size * 8}${suffix}`
      : `>= ${least} and <= ${most}`
  throw outOfRange('value', range, value)
}

const named = (name: string, method: Method): Method => Object.defineProperty(method, 'name', { value: name })

/** Methods that read and write numbers, by name; the lower-case spelling of `UInt` too. */
export function numberMethods(): Record<string, Method> {
  const methods: Record<string, Method> = {}
  const add = (name: string, method: Method): void => {
    methods[name] = named(name, method)
    if (name.includes('UInt')) methods[name.replace('UInt', 'Uint')] = methods[name]
  }

  const fixed = (name: string, getter: string, size: number, ends: readonly ('' | 'LE' | 'BE')[], bounds?: readonly [number | bigint, number | bigint]): void => {
    for (const end of ends) {
      const little = end === 'LE'
      add(`read${name}${end}`, function (offset: unknown = 0) {
        checkOffset(this, offset, size)
        return (view(this) as any)[`get${getter}`](offset, little) as unknown
      })
      add(`write${name}${end}`, function (value: unknown, offset: unknown = 0) {
        const number = typeof bounds?.[0] === 'bigint' ? value : +(value as number)
        if (bounds !== undefined) checkValue(number, bounds[0], bounds[1], size, bounds[0] < 0)
        if (typeof bounds?.[0] === 'bigint' && typeof value !== 'bigint') throw new TypeError('Cannot mix BigInt and other types, use explicit conversions')
        checkOffset(this, offset, size)
        ;(view(this) as any)[`set${getter}`](offset, number, little)
        return offset + size
      })
    }
  }
  for (const [size, ends] of [[1, ['']], [2, ['LE', 'BE']], [4, ['LE', 'BE']]] as const) {
    const bits = size * 8
    fixed(`UInt${bits}`, `Uint${bits}`, size, ends, [0, 2 ** bits - 1])
    fixed(`Int${bits}`, `Int${bits}`, size, ends, [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1])
  }
  fixed('BigUInt64', 'BigUint64', 8, ['LE', 'BE'], [0n, 2n ** 64n - 1n])
  fixed('BigInt64', 'BigInt64', 8, ['LE', 'BE'], [-(2n ** 63n), 2n ** 63n - 1n])
  fixed('Float', 'Float32', 4, ['LE', 'BE'])
  fixed('Double', 'Float64', 8, ['LE', 'BE'])

  for (const end of ['LE', 'BE'] as const) {
    /** Where the byte of weight 256^i lies among `size`. */
    const place = (size: number, i: number): number => (end === 'LE' ? i : size - 1 - i)
    const read = (bytes: Bytes, offset: number, size: number): number => {
      let value = 0
      for (let i = size - 1; i >= 0; i--) value = value * 256 + bytes[offset + place(size, i)]!
      return value
    }
    const write = (bytes: Bytes, value: number, offset: number, size: number): number => {
      let rest = value < 0 ? value + 256 ** size : value
      for (let i = 0; i < size; i++) {
        bytes[offset + place(size, i)] = rest % 256
        rest = Math.floor(rest / 256)
      }
      return offset + size
    }
    add(`readUInt${end}`, function (offset: unknown, size: unknown) {
      if (offset === undefined) throw invalidType('offset', 'of type number', offset)
      checkSize(size)
      checkOffset(this, offset, size)
      return read(this, offset, size)
    })
    add(`readInt${end}`, function (offset: unknown, size: unknown) {
      if (offset === undefined) throw invalidType('offset', 'of type number', offset)
      checkSize(size)
      checkOffset(this, offset, size)
      const value = read(this, offset, size)
      return value >= 2 ** (8 * size - 1) ? value - 2 ** (8 * size) : value
    })
    add(`writeUInt${end}`, function (value: unknown, offset: unknown, size: unknown) {
      checkSize(size)
      checkValue(+(value as number), 0, 2 ** (8 * size) - 1, size, false)
      checkOffset(this, offset, size)
      return write(this, Math.trunc(Number(value)) || 0, offset, size)
    })
    add(`writeInt${end}`, function (value: unknown, offset: unknown, size: unknown) {
      checkSize(size)
      checkValue(+(value as number), -(2 ** (8 * size - 1)), 2 ** (8 * size - 1) - 1, size, true)
      checkOffset(this, offset, size)
      return write(this, Math.trunc(Number(value)) || 0, offset, size)
    })
  }
  return methods
}
