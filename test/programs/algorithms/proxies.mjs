const log = []
const watched = new Proxy({ a: 1 }, { get: (target, key) => (log.push(`get ${String(key)}`), Reflect.get(target, key)), set: (target, key, value) => (log.push(`set ${String(key)}`), Reflect.set(target, key, value)) })
watched.b = watched.a + 1
console.log(log, Object.keys(watched))
