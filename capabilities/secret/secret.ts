import { GloveboxError } from '../../src/errors.js'

/** Characters below which a value cannot be told from ordinary text when a server sends it back. */
export const LEAST_SECRET_LENGTH = 8

let reveal: (secret: Secret) => string | Promise<string>

/**
 * A named value that is placed at the edge only: in a header the host attaches, in the context of a tool.
 * Printed, logged, serialised or cloned it is its name; the value is not a property.
 */
export class Secret {
  readonly name: string
  readonly #value: string | (() => string | Promise<string>)

  static {
    reveal = (secret) => (typeof secret.#value === 'function' ? secret.#value() : secret.#value)
  }

  /** Use {@link secret}, which checks what it is given. */
  constructor(name: string, value: string | (() => string | Promise<string>)) {
    this.name = name
    this.#value = value
    Object.freeze(this)
  }

  /** Whether `value` was made by this very class: a look-alike is not a secret. */
  static is(value: unknown): value is Secret {
    return typeof value === 'object' && value !== null && #value in value
  }

  toString(): string {
    return `[secret ${this.name}]`
  }

  toJSON(): string {
    return this.toString()
  }

  [Symbol.toPrimitive](): string {
    return this.toString()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * Names a value that the guest may cause to be used and never see.
 * A function is called each time the value is needed, so that it can be renewed; a text is kept.
 *
 * @param name what audits and `[redacted:NAME]` show: a letter, then up to 63 letters, digits, `_`, `.` or `-`
 * @param value at least 8 characters
 * @throws GloveboxError `invalid-grant`
 * @example
 * const token = secret('API_TOKEN', () => `Bearer ${process.env.API_TOKEN}`)
 * http([{ url: 'https://api.example.com/v1/items/*', headers: { authorization: token } }])
 */
export function secret(name: string, value: string | (() => string | Promise<string>)): Secret {
  if (typeof name !== 'string' || !/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/.test(name)) {
    throw new GloveboxError(
      'invalid-grant',
      'Cannot make a secret: its name must be a letter and up to 63 letters, digits, "_", "." or "-"',
    )
  }
  if (typeof value !== 'string' && typeof value !== 'function') {
    throw new GloveboxError(
      'invalid-grant',
      `Cannot make secret "${name}": expected a string or a function that returns one, ` +
        `got ${value === null ? 'null' : typeof value}`,
    )
  }
  if (typeof value === 'string' && value.length < LEAST_SECRET_LENGTH) {
    throw new GloveboxError(
      'invalid-grant',
      `Cannot make secret "${name}": shorter than ${LEAST_SECRET_LENGTH} characters it could not be redacted; ` +
        'is the variable it comes from set?',
    )
  }
  return new Secret(name, value)
}

/**
 * The value behind a secret, for code that places it at the edge. No public entry exports this.
 * What the secret's own function throws is not passed on: it might quote the value.
 *
 * @throws GloveboxError `invalid-grant`
 */
export async function revealSecret(secret: Secret): Promise<string> {
  let value: unknown
  try {
    value = await reveal(secret)
  } catch {
    throw new GloveboxError('invalid-grant', `Cannot use secret "${secret.name}": its function failed`)
  }
  if (typeof value !== 'string' || value.length < LEAST_SECRET_LENGTH) {
    throw new GloveboxError(
      'invalid-grant',
      `Cannot use secret "${secret.name}": its function must return a string ` +
        `of at least ${LEAST_SECRET_LENGTH} characters`,
    )
  }
  return value
}
