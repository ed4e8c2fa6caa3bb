import { EventEmitter } from 'eventemitter3'

const emitter = new EventEmitter()
const seen = []
const listen = (...args) => seen.push(args)
emitter.on('a', listen)
emitter.once('a', () => seen.push('once'))
emitter.emit('a', 1, 2)
emitter.emit('a', 3)
emitter.off('a', listen)
export default { seen, left: emitter.listenerCount('a'), emitted: emitter.emit('a'), names: emitter.eventNames() }
