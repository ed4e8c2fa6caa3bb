export { component, type ComponentOptions } from './engine.js'
export { toTools, type ToToolsOptions } from './tools.js'
