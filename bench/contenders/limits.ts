/** What contenders are given where they know such a limit. */
export const MEMORY_BYTES = 64 << 20
export const TIMEOUT_MS = 10_000
