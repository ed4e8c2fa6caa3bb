const sieve = new Uint8Array(100).fill(1)
for (let i = 2; i * i < 100; i++) if (sieve[i]) for (let j = i * i; j < 100; j += i) sieve[j] = 0
console.log([...sieve.keys()].filter((n) => n > 1 && sieve[n]).join(' '))
