const encoded = btoa('hello?>world').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
console.log(encoded, Buffer.from(encoded, 'base64url').toString(), atob('aGk='))
