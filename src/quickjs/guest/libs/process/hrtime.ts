const checkPair = (value: unknown): readonly [number, number] => {
  if (!Array.isArray(value)) throw Object.assign(new TypeError('The "time" argument must be an instance of Array'), { code: 'ERR_INVALID_ARG_TYPE' })
  if (value.length !== 2) throw Object.assign(new RangeError(`The value of "time" is out of range. It must be 2. Received ${value.length}`), { code: 'ERR_OUT_OF_RANGE' })
  return value as unknown as readonly [number, number]
}

/** Time since the call began, on the granted clock. */
export const createHrtime = (performance: Pick<Performance, 'now'>) => {
  const nanoseconds = (): bigint => BigInt(Math.round(performance.now() * 1e6))
  return {
    uptime: () => performance.now() / 1000,
    hrtime: Object.assign(
      (since?: unknown): [number, number] => {
        let now = nanoseconds()
        if (since !== undefined) {
          const [seconds, rest] = checkPair(since)
          now -= BigInt(seconds) * 1_000_000_000n + BigInt(rest)
        }
        const seconds = now / 1_000_000_000n
        return [Number(seconds), Number(now - seconds * 1_000_000_000n)]
      },
      { bigint: nanoseconds },
    ),
  }
}
