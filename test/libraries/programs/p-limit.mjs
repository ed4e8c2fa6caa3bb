import pLimit from 'p-limit'

const limit = pLimit(2)
let live = 0
let most = 0
const results = await Promise.all([5, 4, 3, 2, 1].map((n) => limit(async () => {
  most = Math.max(most, ++live)
  await new Promise((resolve) => setTimeout(resolve, n))
  live--
  return n * 2
})))
export default { results, most, pending: limit.pendingCount }
