export { quickjs, type QuickjsOptions } from './engine.js'
