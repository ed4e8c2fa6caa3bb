const render = (template, values) => template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, path) => path.split('.').reduce((value, key) => value?.[key], values) ?? '')
console.log(render('Dear {{ user.name }}, you owe {{ amount }}{{missing}}.', { user: { name: 'Bo' }, amount: 12 }))
