import { GloveboxError } from '../../src/errors.js'

/** One endpoint a guest may connect to. */
export interface TcpTarget {
  /** A name in lower case, or an address in its one spelling, without brackets. */
  readonly host: string
  readonly port: number
  /** `host:port`, as it was granted. */
  readonly text: string
}

const SHAPE = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*):([1-9][0-9]{0,4})$/i

/**
 * Parses `host:port`. The host must be written as URL parsers give it back, so that no address has a second spelling.
 * @throws GloveboxError `invalid-grant`
 */
export function parseTarget(text: unknown): TcpTarget {
  if (typeof text !== 'string') throw invalid(`expected a text such as "db.example.com:5432", got ${typeof text}`)
  const shape = SHAPE.exec(text)
  const shown = JSON.stringify(text)
  if (shape === null) throw invalid(`${shown} is no "host:port"; name one host and one port, such as "db.example.com:5432"`)
  const host = shape[1]!.toLowerCase()
  const port = Number(shape[2])
  if (port > 65_535) throw invalid(`${shown} has port ${port}; the highest is 65535`)
  if (hostOf(host) !== host) throw invalid(`${shown} has a host that is not written in its canonical form`)
  return Object.freeze({ host: host.replace(/^\[|\]$/g, ''), port, text: `${host}:${port}` })
}

function hostOf(host: string): string | undefined {
  try {
    return new URL(`http://${host}/`).hostname
  } catch {
    return undefined
  }
}

function invalid(why: string): GloveboxError {
  return new GloveboxError('invalid-grant', `Cannot grant "tcp": ${why}`)
}
