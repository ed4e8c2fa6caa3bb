const results = await Promise.all([1, 2, 3].map(async (page) => (await (await fetch(`${process.env.ORIGIN}/page?page=${page}`)).json()).items))
console.log(results.flat())
