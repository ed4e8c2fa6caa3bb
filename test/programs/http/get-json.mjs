const response = await fetch(`${process.env.ORIGIN}/people`)
console.log(response.status, response.ok, response.headers.get('content-type'))
for (const { id, name } of await response.json()) console.log(id, name)
