/** Every way an embedder can misuse glovebox; each has a section in `docs/errors.md`. */
export const ERROR_CODES = [
  'invalid-option',
  'invalid-grant',
  'invalid-policy',
  'invalid-tool',
  'invalid-module',
  'invalid-input',
  'exceeds-ceiling',
  'missing-engine',
  'missing-dependency',
  'unsupported-platform',
  'mount-failed',
  'disposed',
  'no-isolate',
  'event-sink-failed',
  'meter-refused',
  'invalid-component',
  'unknown-import',
  'digest-mismatch',
  'load-stopped',
  'missing-export',
  'internal',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

/**
 * Embedder misuse: the only thing glovebox throws at its caller.
 * Branch on `code`, never on the message.
 */
export class GloveboxError extends Error {
  override readonly name = 'GloveboxError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
