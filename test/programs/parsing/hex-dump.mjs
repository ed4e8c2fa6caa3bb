const bytes = new TextEncoder().encode('glove box €')
for (let i = 0; i < bytes.length; i += 8) console.log(i.toString(16).padStart(4, '0'), [...bytes.slice(i, i + 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '))
