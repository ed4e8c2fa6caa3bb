import type { World } from '../world.js'
import { readComponent } from './component.js'
import { withDocs } from './docs.js'
import { toWorld } from './world.js'

/**
 * What a component imports and exports, with its comments.
 * @throws MeterError `malformed`
 */
export function readWorld(bytes: Uint8Array): World {
  const docs: Uint8Array[] = []
  const scope = readComponent(bytes, {
    onCustom(name, payload) {
      if (name === 'package-docs') docs.push(payload)
    },
  })
  return withDocs(toWorld(scope), docs)
}
