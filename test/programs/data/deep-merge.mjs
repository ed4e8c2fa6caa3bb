function merge(target, ...sources) {
  for (const source of sources) {
    for (const key of Object.keys(source)) {
      if (source[key] && typeof source[key] === 'object' && !Array.isArray(source[key])) target[key] = merge(target[key] ?? {}, source[key])
      else target[key] = source[key]
    }
  }
  return target
}
console.dir(merge({ a: { b: 1, c: [1] } }, { a: { b: 2, d: { e: 3 } } }, { z: undefined }), { depth: null })
