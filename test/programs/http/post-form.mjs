const response = await fetch(`${process.env.ORIGIN}/echo`, { method: 'POST', body: new URLSearchParams({ a: '1 2', b: 'ü' }) })
console.log(await response.json())
