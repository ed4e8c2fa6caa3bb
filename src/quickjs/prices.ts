import type { Arguments } from '../engine.js'

/** Formatting is the host's work too, up to a tenth of a millisecond of it. */
const INTL_FUEL = 20_000
/** A byte hashed, and an iteration of two blocks, as the slowest of the hashes takes them. */
const HASHED_BYTE_FUEL = 4
const ITERATION_FUEL = 1_000
const MOST_ITERATIONS = 500

/** Fuel for what the host does in a pure operation, two hundred units for a microsecond of its time. */
export function priceOf(operation: string, args: Arguments): number {
  if (operation.startsWith('pure.intl')) return INTL_FUEL
  if (operation === 'pure.compress') return HASHED_BYTE_FUEL * bytesOf(args)
  if (operation === 'pure.stretch') return ITERATION_FUEL * iterationsOf(args)
  return 0
}

function bytesOf(args: Arguments): number {
  return 'message' in args ? args.message!.blobs.reduce((sum, blob) => sum + blob.byteLength, 0) : args.bytes
}

/** A message that only the codec can read costs what the dearest one does. */
function iterationsOf(args: Arguments): number {
  const count = 'message' in args ? MOST_ITERATIONS : args.values[4]
  return typeof count === 'number' && count > 0 && count < MOST_ITERATIONS ? count : MOST_ITERATIONS
}
