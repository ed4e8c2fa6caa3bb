import type { GuestCore } from '../core.js'
import { createEmitter } from './node-events/emitter.js'
import { createWaiting } from './node-events/waiting.js'

/** Node's `events`: the module is the class itself. */
export default (core: GuestCore) => {
  const EventEmitter = createEmitter(core)
  Object.assign(EventEmitter, createWaiting(core), { EventEmitter })
  return { EventEmitter }
}
