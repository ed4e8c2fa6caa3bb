import { pathToFileURL } from 'node:url'
import { inject } from 'vitest'
import { platform, startThread } from '../../src/platform/node.js'
import type { Platform } from '../../src/platform/platform.js'

/** The platform of Node with threads that run the sources under test. */
export const fromSources: Platform = { ...platform, startThread: (events) => startThread(pathToFileURL(inject('threadFile')), events) }
