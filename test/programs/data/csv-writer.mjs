const rows = [{ name: 'tea, green', note: 'say "hi"' }, { name: 'mug', note: 'line\nbreak' }]
const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
console.log([Object.keys(rows[0]), ...rows.map(Object.values)].map((row) => row.map(quote).join(',')).join('\n'))
