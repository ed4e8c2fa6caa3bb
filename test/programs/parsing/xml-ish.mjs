const xml = '<items><item id="1">tea</item><item id="2"/></items>'
console.log([...xml.matchAll(/<item id="(\d+)"(?:\/>|>([^<]*)<\/item>)/g)].map(([, id, text = '']) => ({ id: Number(id), text })))
