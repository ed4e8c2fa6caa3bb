import type { GuestCore } from '../core.js'
import { expose } from './webidl/interfaces.js'

/** `navigator`: the same for every program, whatever the machine. */
export default (_core: GuestCore) => {
  let isMade = false

  /** @see https://html.spec.whatwg.org/#the-navigator-object */
  class Navigator {
    // Methods of one that is none throw by this.
    readonly #languages = Object.freeze(['en-US'])

    constructor() {
      if (isMade) throw new TypeError('Illegal constructor')
      isMade = true
    }

    /** What ECMA-429 asks for: the name of the runtime. */
    get userAgent(): string {
      void this.#languages
      return 'glovebox'
    }

    get hardwareConcurrency(): number {
      void this.#languages
      return 1
    }

    get language(): string {
      return this.#languages[0]!
    }

    get languages(): readonly string[] {
      return this.#languages
    }
  }
  expose(Navigator, { name: 'Navigator' })

  return { Navigator, navigator: new Navigator() }
}
