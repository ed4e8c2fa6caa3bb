import { EventEmitter, once } from 'node:events'
const emitter = new EventEmitter()
emitter.on('tick', (n) => console.log('tick', n))
emitter.once('tick', () => console.log('once'))
emitter.emit('tick', 1)
emitter.emit('tick', 2)
setTimeout(() => emitter.emit('done', 'x'), 1)
console.log(await once(emitter, 'done'), emitter.listenerCount('tick'))
