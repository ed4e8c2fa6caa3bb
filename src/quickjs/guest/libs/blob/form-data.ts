import { toScalarText } from '../webidl/convert.js'
import { expose, exposePairs, required } from '../webidl/interfaces.js'
import type { BlobTools } from './blob.js'

export type FormEntry = readonly [name: string, value: string | InstanceType<BlobTools['File']>]

/** Makes `FormData`. */
export const createFormData = ({ File, isBlob, toFile }: BlobTools) => {
  let entriesOf: (form: unknown) => FormEntry[]
  let isForm: (value: unknown) => boolean

  const toEntry = (method: string, name: unknown, value: unknown, rest: readonly unknown[]): FormEntry => {
    const text = toScalarText(name)
    if (!isBlob(value)) {
      if (rest.length > 0) throw new TypeError(`FormData.${method}: only a Blob can have a filename`)
      return [text, toScalarText(value)]
    }
    const filename = rest[0] === undefined ? undefined : toScalarText(rest[0])
    if (filename === undefined && value instanceof File) return [text, value]
    return [text, toFile(value, filename ?? 'blob')]
  }

  /** @see https://xhr.spec.whatwg.org/#interface-formdata */
  class FormData {
    #entries: FormEntry[] = []

    static {
      entriesOf = (form) => (form as FormData).#entries
      isForm = (value) => typeof value === 'object' && value !== null && #entries in value
    }

    constructor(form?: undefined) {
      if (form !== undefined) throw new TypeError('FormData: there are no forms to read here; use append()')
    }

    append(name: string, value: unknown, ...rest: unknown[]): void {
      void this.#entries
      required(arguments.length, 2, 'FormData.append')
      this.#entries.push(toEntry('append', name, value, rest))
    }

    delete(name: string): void {
      void this.#entries
      required(arguments.length, 1, 'FormData.delete')
      const text = toScalarText(name)
      this.#entries = this.#entries.filter(([key]) => key !== text)
    }

    get(name: string): FormEntry[1] | null {
      void this.#entries
      required(arguments.length, 1, 'FormData.get')
      const text = toScalarText(name)
      return this.#entries.find(([key]) => key === text)?.[1] ?? null
    }

    getAll(name: string): FormEntry[1][] {
      void this.#entries
      required(arguments.length, 1, 'FormData.getAll')
      const text = toScalarText(name)
      return this.#entries.filter(([key]) => key === text).map(([, value]) => value)
    }

    has(name: string): boolean {
      void this.#entries
      required(arguments.length, 1, 'FormData.has')
      const text = toScalarText(name)
      return this.#entries.some(([key]) => key === text)
    }

    set(name: string, value: unknown, ...rest: unknown[]): void {
      void this.#entries
      required(arguments.length, 2, 'FormData.set')
      const entry = toEntry('set', name, value, rest)
      const at = this.#entries.findIndex(([key]) => key === entry[0])
      if (at === -1) this.#entries.push(entry)
      else this.#entries = this.#entries.flatMap((one, index) => (index === at ? [entry] : one[0] === entry[0] ? [] : [one]))
    }
  }
  expose(FormData, { name: 'FormData', length: 0 })
  exposePairs(FormData, 'FormData', (form, index) => entriesOf(form)[index])

  const newForm = (entries: readonly FormEntry[]): object => {
    const form = new FormData()
    for (const entry of entries) entriesOf(form).push(entry)
    return form
  }

  return { FormData, entriesOf: entriesOf!, isForm: isForm!, newForm }
}
