import { FROZEN_MS, type Clock, fixedClock } from '../capabilities/clock/clock.js'
import type { Call } from './call.js'
import type { ComponentPort } from './component/port.js'
import type { Stdin } from './grants.js'

const FROZEN: Clock = fixedClock(FROZEN_MS)
const NOTHING = new Uint8Array(0)

/** What a call's component may ask of the runtime: everything of it goes through the call's door, budgets and output. */
export function toComponentPort(call: Call, args: readonly string[]): Omit<ComponentPort, 'canSuspend'> {
  const { grants, limits, halt, door, scope, output, random } = call
  return {
    grants: {
      fs: grants.fs,
      net: grants.net,
      tcp: grants.tcp,
      clock: grants.clock ?? FROZEN,
      random,
      env: grants.env,
      args,
      stdin: toBytes(grants.stdin),
    },
    limits,
    halt,
    get signal() {
      return call.signal
    },
    perform: (operation, act) => door.perform(operation, act),
    performAsync: (operation, act) => door.performAsync(operation, act),
    // What nobody granted stands still: nothing is learnt by reading it.
    once: (capability, operation, target) => {
      if (grants[capability] !== undefined) call.once(capability, operation, target)
    },
    resource: scope.resource,
    onSettle: scope.onSettle,
    write: (stream, bytes) => output.writeBytes(stream, bytes),
    exit: (code) => {
      call.exitCode = code & 255
      return halt.raise('exit', `The guest ended itself with exit code ${code & 255}`)
    },
  }
}

function toBytes(stdin: Stdin): Uint8Array | ReadableStream<Uint8Array> {
  if (stdin === '') return NOTHING
  return typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin
}
