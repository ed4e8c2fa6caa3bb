import async from 'async'

const log = []
const queue = async.queue(async (n) => {
  log.push(n)
}, 2)
queue.push([1, 2, 3])
await queue.drain()
export default { log, mapped: await async.mapLimit([1, 2, 3], 2, async (n) => n * 2), series: await async.series([async () => 1, (done) => setTimeout(done, 1, null, 2)]), auto: await async.auto({ a: async () => 2, b: ['a', async ({ a }) => a * 3] }), retried: await async.retry(3, async () => log.push('try') < 5 ? Promise.reject(new Error('again')) : 'ok'), waterfall: await async.waterfall([async () => 5, async (n) => n + 1]) }
