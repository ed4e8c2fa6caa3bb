const response = await fetch(process.env.ORIGIN + '/echo', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ tea: 'green' }) })
console.log(await response.json())
