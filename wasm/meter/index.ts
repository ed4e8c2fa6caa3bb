export { meter } from './meter.js'
export type { Metered, MeterReport } from './report.js'
export type { ImportName, MeterOptions } from './options.js'
export { MeterError, REFUSALS, type Refusal } from './error.js'
