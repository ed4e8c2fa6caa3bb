for (const text of ['{"a":1}', '[1,2', 'nul']) {
  try {
    console.log(JSON.parse(text))
  } catch (error) {
    console.log(error.name, error instanceof SyntaxError)
  }
}
console.log(JSON.stringify({ a: undefined, b: () => 1, c: new Date(0), d: [undefined, NaN], e: new Map([[1, 2]]) }), JSON.stringify([1, [2]], null, '--'))
