import { setTimeout as sleep } from 'node:timers/promises'
const run = async (jobs, limit) => {
  const results = []
  const next = jobs.entries()
  await Promise.all(Array.from({ length: limit }, async () => { for (const [i, job] of next) results[i] = await job() }))
  return results
}
console.log(await run([3, 1, 2].map((n) => async () => { await sleep(n); return n * n }), 2))
