const controller = new AbortController()
controller.abort()
console.log(await fetch(`${process.env.ORIGIN}/people`, { signal: controller.signal }).catch((error) => error.name))
