export function gcd(a: u32, b: u32): u32 {
  while (b) {
    const rest = a % b
    a = b
    b = rest
  }
  return a
}

/** How many primes there are up to a number, that one included. */
export function primes(limit: u32): u32 {
  const sieve = new Uint8Array(limit + 1)
  let count: u32 = 0
  for (let i: u32 = 2; i <= limit; i++) {
    if (sieve[i]) continue
    count++
    for (let j: u64 = (i as u64) * i; j <= limit; j += i) sieve[j as u32] = 1
  }
  return count
}
