import { classOf, ownValue } from './kinds.js'

const read = (error: object, key: string): unknown => {
  try {
    return (error as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}

/** Name, message and frames of an error; frames of our own libraries are left out. */
export function showError(error: object, indentation: number): string {
  const name = read(error, 'name')
  const message = read(error, 'message')
  const title = typeof name === 'string' && name !== '' ? name : (classOf(error) ?? 'Error')
  const header = typeof message === 'string' && message !== '' ? `${title}: ${message}` : title
  const stack = read(error, 'stack')
  if (typeof stack !== 'string' || stack === '') return `[${header}]`
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line) && !line.includes('glovebox:'))
  if (frames.length === 0) return `[${header}]`
  const pad = ' '.repeat(indentation)
  return [header, ...frames].join('\n').replaceAll('\n', '\n' + pad)
}

/** Keys an error shows below its stack though they are not enumerable. */
export function hiddenKeys(error: object): string[] {
  return ['cause', 'errors'].filter((key) => Object.hasOwn(error, key) && ownValue(error, key) !== undefined && !Object.prototype.propertyIsEnumerable.call(error, key))
}
