export { component, type ComponentOptions } from './engine.js'
