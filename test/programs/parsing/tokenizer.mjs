const pattern = /\s*(?:(\d+\.?\d*)|([a-z_]\w*)|("(?:[^"\\]|\\.)*")|(.))/gy
const source = 'let x1 = foo("a\\"b", 3.14) + _y;'
console.log([...source.matchAll(pattern)].map(([, number, name, string, other]) => number ?? name ?? string ?? other))
