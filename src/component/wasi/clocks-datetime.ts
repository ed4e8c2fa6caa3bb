/** `wasi:clocks/wall-clock` `datetime`. */
export interface Datetime {
  readonly seconds: bigint
  /** Below 10^9. */
  readonly nanoseconds: number
}

/** An instant in milliseconds since the epoch; what lies before it counts as the epoch, for seconds have no sign. */
export function toDatetime(ms: number): Datetime {
  if (!(ms > 0)) return { seconds: 0n, nanoseconds: 0 }
  const seconds = Math.floor(ms / 1000)
  return { seconds: BigInt(seconds), nanoseconds: Math.min(Math.round((ms - seconds * 1000) * 1e6), 999_999_999) }
}
