const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

/** 4 or 6 for the text of an address, 0 for other text. */
export function isIP(value: unknown): 0 | 4 | 6 {
  const text = String(value)
  if (V4.test(text)) return 4
  return isV6(text) ? 6 : 0
}

function isV6(text: string): boolean {
  const [address, zone] = text.split(/%(.*)/s) as [string, string | undefined]
  if (zone !== undefined && !/^[\da-z-.:]+$/i.test(zone)) return false
  const halves = address.split('::')
  if (halves.length > 2) return false
  let count = 0
  for (const [at, half] of halves.entries()) {
    if (half === '') continue
    const parts = half.split(':')
    for (const [i, part] of parts.entries()) {
      const isLast = at === halves.length - 1 && i === parts.length - 1
      if (/^[\da-f]{1,4}$/i.test(part)) count++
      else if (isLast && V4.test(part)) count += 2
      else return false
    }
  }
  return halves.length === 2 ? count < 8 : count === 8
}
