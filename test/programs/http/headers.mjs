const headers = new Headers({ 'X-One': '1' })
headers.append('x-one', '2')
console.log([...headers], headers.has('X-ONE'), new Request('https://example.com/a?b', { method: 'put', headers }).method)
