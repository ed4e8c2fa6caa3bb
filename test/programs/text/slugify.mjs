const slugify = (text) => text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().trim().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
console.log(['Crème Brûlée!', '  Hello, World  ', 'Ünïcödé & more'].map(slugify))
