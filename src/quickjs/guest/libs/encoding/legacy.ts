import type { GuestCore } from '../../core.js'
import { invalid } from './utf8.js'

/** A line feed is never a part of a longer sequence, so decoding can begin behind one; in this encoding it may be in any state. */
const STATEFUL = 'iso-2022-jp'
const LINE_FEED = 0x0a

/** Decodes the encodings of old files, whose tables the host has. What is not decoded whole yet is kept between pieces. */
export function createLegacyDecoder(core: GuestCore, encoding: string, isFatal: boolean) {
  let kept = new Uint8Array(0)
  /** How much of the text of what is kept was given already. */
  let given = 0
  return (bytes: Uint8Array, isStream: boolean): string => {
    const all = new Uint8Array(kept.length + bytes.length)
    all.set(kept)
    all.set(bytes, kept.length)
    const decode = (part: Uint8Array, isPart: boolean): string => {
      const text = core.call('pure.decode', encoding, part, isFatal, isPart) as string | null
      if (text !== null) return text
      kept = new Uint8Array(0)
      given = 0
      throw invalid()
    }
    const text = decode(all, isStream).slice(given)
    const start = isStream && encoding !== STATEFUL ? all.lastIndexOf(LINE_FEED) + 1 : 0
    kept = isStream ? all.slice(start) : new Uint8Array(0)
    given = kept.length === 0 ? 0 : decode(kept, true).length
    return text
  }
}
