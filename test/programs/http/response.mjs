const response = Response.json({ a: 1 }, { status: 201 })
console.log(response.status, await response.clone().text(), await response.json())
console.log(await new Response(new Blob(['blob'])).text(), (await new Response('bytes').arrayBuffer()).byteLength)
