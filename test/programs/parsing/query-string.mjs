const params = new URLSearchParams('?a=1&b=x+y&a=2&c=%E2%82%AC')
console.log([...params.entries()], params.getAll('a'), Object.fromEntries(params), String(params))
