const results = await Promise.allSettled([fetch(`${process.env.ORIGIN}/people`).then((r) => r.json()), Promise.reject(new Error('no'))])
console.log(results.map(({ status, value, reason }) => `${status} ${value?.length ?? reason.message}`))
