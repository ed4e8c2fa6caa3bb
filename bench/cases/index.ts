import type { Case } from '../suite.js'
import { freshIsolate } from './fresh-isolate.js'
import { hostCall } from './host-call.js'
import { toolCall } from './tool-call.js'

export const CASES: readonly Case[] = [freshIsolate, hostCall, toolCall]
