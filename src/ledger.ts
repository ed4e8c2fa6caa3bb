import type { CapabilityKind, LedgerEntry } from './result.js'

/** Longest target kept in an entry: enough to recognise it, too little to smuggle with. */
const MAX_TARGET = 512

export interface LedgerOptions {
  /** Told of each entry as it is made; what it throws closes the ledger. */
  readonly sink: (entry: LedgerEntry) => void
  /** Fuel used so far. */
  readonly fuel: () => number
}

export interface NewEntry {
  readonly capability: CapabilityKind
  readonly operation: string
  readonly target: string
  readonly decision: 'allowed' | 'denied'
  readonly reason?: string | undefined
  readonly bytesIn: number
  readonly bytesOut: number
  /** Fuel used when the guest asked. @default what is used now */
  readonly fuel?: number
}

/** The ordered record of every host call of one run; only the host writes to it. */
export class Ledger {
  readonly #entries: LedgerEntry[] = []
  readonly #sources = new Set<string>()
  readonly #options: LedgerOptions
  #closed: { readonly cause: unknown } | undefined

  constructor(options: LedgerOptions) {
    this.#options = options
  }

  get entries(): readonly LedgerEntry[] {
    return this.#entries
  }

  get sources(): readonly string[] {
    return [...this.#sources]
  }

  /** Set once a sink has thrown: from then on nothing may be allowed. */
  get closed(): { readonly cause: unknown } | undefined {
    return this.#closed
  }

  /** Fuel used so far. */
  get fuel(): number {
    return this.#options.fuel()
  }

  source(label: string): void {
    this.#sources.add(toLine(label))
  }

  /** Appends an entry and hands it to the sink; false when the sink refused it. */
  record(entry: NewEntry): boolean {
    const { capability, operation, decision, reason, bytesIn, bytesOut, fuel = this.fuel } = entry
    const seq = this.#entries.length
    const target = toLine(entry.target)
    const recorded: LedgerEntry = Object.freeze(
      reason === undefined
        ? { seq, capability, operation, target, decision, bytesIn, bytesOut, fuel }
        : { seq, capability, operation, target, decision, reason: toLine(reason), bytesIn, bytesOut, fuel },
    )
    this.#entries.push(recorded)
    try {
      this.#options.sink(recorded)
      return true
    } catch (cause) {
      this.#closed ??= { cause }
      return false
    }
  }
}

const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/
const ALL_UNSAFE = new RegExp(UNSAFE, 'g')

/** One line, bounded, with control and direction characters written out, so that no entry can look like two. */
export function toLine(text: string): string {
  const cut = text.length > MAX_TARGET ? `${text.slice(0, MAX_TARGET)}…` : text
  return UNSAFE.test(cut) ? cut.replace(ALL_UNSAFE, escape) : cut
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
