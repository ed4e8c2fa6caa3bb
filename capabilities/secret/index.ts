export { secret } from './secret.js'
export type { Secret } from './secret.js'
