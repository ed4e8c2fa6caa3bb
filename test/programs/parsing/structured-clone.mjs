const value = { when: new Date(0), all: new Map([['a', new Set([1])]]), bytes: new Uint8Array([1, 2]), self: null }
value.self = value
const copy = structuredClone(value)
console.log(copy.self === copy, copy !== value, copy.when instanceof Date, copy)
