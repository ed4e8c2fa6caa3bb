const order = []
setTimeout(() => order.push('timeout'), 5)
setImmediate?.(() => order.push('immediate'))
queueMicrotask(() => order.push('microtask'))
await null
order.push('after await')
await new Promise((resolve) => setTimeout(resolve, 20))
console.log(order.filter((name) => name !== 'immediate'))
