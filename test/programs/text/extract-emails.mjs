const text = 'Write to ada@example.com, bo.larch+tea@mail.example.org or nobody@invalid.'
console.log(text.match(/[\w.+-]+@[\w-]+\.[\w.-]*\w/g))
