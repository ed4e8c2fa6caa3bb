import { library } from '../../node/library.js'

export const EventEmitter: Record<string, unknown> = library('node-events')['EventEmitter']
export const addAbortListener = EventEmitter['addAbortListener']
