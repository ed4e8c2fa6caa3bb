import { type Contender, type Evaluate, type Given, type HostFunctions, Stopped, type Way } from '../suite.js'
import { type HostFiles, openFiles } from './host-files.js'

/** What programs in a room may reach of the host: nothing but the parts it was made with. */
export type Part = 'exists' | 'lookup' | 'console' | 'files' | 'http'

/** What parts are made of, whatever way a technique hands them in. */
export interface RoomHost extends HostFunctions {
  print(line: string): void
  readonly files: HostFiles
  get(url: string): Promise<string>
}

/** A place where programs are evaluated: one isolate, or what makes an isolate for each of them. */
export interface Room {
  /** The value of an expression, or a promise of it. Throws or rejects with `Stopped` when a limit ended it. */
  evaluate(program: string): unknown
  /** What the function that the program is makes of the input. */
  call?(program: string, input: unknown): unknown
  /** As `call`, where the input or the value is an array of bytes. @default `call` */
  callBytes?(program: string, input: unknown): unknown
  /** What the module that the program is exports by default. */
  load?(program: string, modules: Readonly<Record<string, string>>): unknown
  close(): void | Promise<void>
}

export type MakeRoom = (host: RoomHost, parts: readonly Part[]) => Room | Promise<Room>

/** One technique, from which all the ways of using it follow. */
export interface Technique {
  /** Loads and compiles what every room needs. */
  prepare(host: HostFunctions): Promise<MakeRoom>
  /** `isolate`: programs in one room share an isolate. `isolates`: each program gets one of its own. */
  readonly room: 'isolate' | 'isolates'
  readonly parts: readonly Part[]
  readonly call?: boolean
  /** Whether bytes cross as bytes. @default false */
  readonly bytes?: boolean
  readonly load?: boolean
  /** Rooms that are as many as a machine should bear. @default 10_000 */
  readonly most?: number
  /** Whether a guest can run while the host does something else. @default false */
  readonly beside?: boolean
  /** Imports the package. */
  import?(): Promise<unknown>
  /** Why it cannot be opened some ways; said where it is missed. */
  readonly lacks?: { readonly [K in Way]?: string }
  /** Where a way has to be other than what follows. */
  readonly open?: Contender['open']
}

const NO_SESSIONS = 'has no sessions: every call gets a fresh isolate, and fresh-isolate is what that costs'
const NOT_BESIDE = 'a running guest has the thread to itself, so there is never more than one'

/** Opens a technique in all the ways that it has. */
export function waysOf(given: Technique): Required<Pick<Contender, 'open' | 'lacks'>> {
  const technique: Technique = { ...given, prepare: bounded(given) }
  const { prepare, parts, room, call, bytes, load, beside } = technique
  const staying = (...wanted: readonly Part[]) => async (host: HostFunctions): Promise<Evaluate> => {
    const made = await (await prepare(host))(toRoomHost(host), wanted)
    return (program) => adopt(made.evaluate(program))
  }
  const each = (...wanted: readonly Part[]) => room === 'isolates' ? staying(...wanted) : async (host: HostFunctions): Promise<Evaluate> => {
    const make = await prepare(host)
    const offered = toRoomHost(host)
    return (program) => once(make(offered, wanted), (made) => made.evaluate(program))
  }
  const ways: { [K in Way]?: (host: HostFunctions) => Promise<Evaluate> } = {
    'fresh-isolate': each(),
    compute: staying(),
    hostile: (host) => openWarm(each(), host),
    'kept-isolate': (host) => openKept(technique, host),
  }
  if (room === 'isolate') ways.session = staying()
  if (parts.includes('exists')) ways['host-call'] = staying('exists')
  if (parts.includes('files')) ways.files = staying('files')
  if (parts.includes('http')) ways.http = staying('http')
  if (parts.includes('console')) ways.console = (host) => openPrinting(technique, host)
  if (parts.includes('lookup')) {
    ways['tool-call'] = staying('lookup')
    ways['waiting-call'] = async (host) => limitCalls(await each('lookup')(host), technique)
    ways['waiting-isolate'] = (host) => openLeft(technique, host, () => new Promise(() => {}))
    if (beside === true) ways['running-isolate'] = (host) => openLeft(technique, host, async (item) => ({ ...item, found: true }))
  }
  if (call === true) ways.value = (host) => openCalling(technique, host, 'data')
  if (bytes === true) ways.bytes = (host) => openCalling(technique, host, 'bytes')
  if (load === true) ways.modules = (host) => openLoading(technique, host)
  if (technique.import !== undefined) ways.import = (host) => openImport(technique, host)
  for (const way of Object.keys(toLacks(technique)) as Way[]) delete ways[way]
  return { open: { ...ways, ...technique.open }, lacks: toLacks(technique) }
}

function toLacks({ room, beside, lacks }: Technique): NonNullable<Contender['lacks']> {
  return {
    ...(room === 'isolates' ? { session: NO_SESSIONS } : {}),
    ...(beside === true ? {} : { 'running-isolate': NOT_BESIDE }),
    ...lacks,
  }
}

export function toRoomHost(host: HostFunctions): RoomHost {
  return { ...host, print: () => {}, files: openFiles(host.folder), get: async (url) => (await fetch(url)).text() }
}

/** Evaluates in a room and closes it, at once where both are synchronous. */
function once(room: Room | Promise<Room>, use: (room: Room) => unknown): unknown {
  if (room instanceof Promise) return room.then((made) => once(made, use))
  let value: unknown
  try {
    value = use(room)
  } catch (error) {
    const closing = room.close()
    if (closing === undefined) throw error
    return closing.then(() => { throw error })
  }
  if (isPromise(value)) return closeAfter(room, value)
  const closing = room.close()
  return closing === undefined ? value : closing.then(() => value)
}

async function closeAfter(room: Room, value: PromiseLike<unknown>): Promise<unknown> {
  try {
    return await value
  } finally {
    await room.close()
  }
}

/** A promise of another realm as one of ours, by which it is known to be one. */
const adopt = (value: unknown): unknown => (isPromise(value) && !(value instanceof Promise) ? Promise.resolve(value) : value)

const isPromise = (value: unknown): value is PromiseLike<unknown> => typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'

async function openPrinting({ prepare }: Technique, host: HostFunctions): Promise<Evaluate> {
  let lines: string[] = []
  const room = await (await prepare(host))({ ...toRoomHost(host), print: (line) => void lines.push(line) }, ['console'])
  return async (program) => {
    lines = []
    await room.evaluate(program)
    return lines
  }
}

async function openCalling({ prepare }: Technique, host: HostFunctions, kind: 'data' | 'bytes'): Promise<Evaluate> {
  const room = await (await prepare(host))(toRoomHost(host), [])
  if (kind === 'bytes' && room.callBytes !== undefined) return (program, { input }) => room.callBytes!(program, input)
  return (program, { input }) => room.call!(program, input)
}

/** Refuses calls beyond the most there may be at once, where one room takes them all. */
function limitCalls(evaluate: Evaluate, { most = 10_000 }: Technique): Evaluate {
  let running = 0
  return async (program, given) => {
    if (running >= most) throw new Error(`more than ${most} of these at once are too much for most machines`)
    running++
    try {
      return await evaluate(program, given)
    } finally {
      running--
    }
  }
}

/** Refuses rooms beyond the most there may be at once: processes by the thousand are no measurement. */
function bounded({ prepare, most = 10_000 }: Technique): Technique['prepare'] {
  return async (host) => {
    const make = await prepare(host)
    let open = 0
    return (offered, parts) => {
      if (open >= most) throw new Error(`more than ${most} of these at once are too much for most machines`)
      open++
      const counted = (room: Room): Room => ({ ...room, close: () => (open--, room.close()) })
      const room = make(offered, parts)
      return room instanceof Promise ? room.then(counted) : counted(room)
    }
  }
}

async function openLoading({ prepare, room: kind }: Technique, host: HostFunctions): Promise<Evaluate> {
  const make = await prepare(host)
  const offered = toRoomHost(host)
  const use = (room: Room, program: string, { modules = {} }: Given): unknown => room.load!(program, modules)
  if (kind === 'isolate') return (program, given) => once(make(offered, []), (room) => use(room, program, given))
  const room = await make(offered, [])
  return (program, given) => use(room, program, given)
}

async function openKept({ prepare }: Technique, host: HostFunctions): Promise<Evaluate> {
  const make = await prepare(host)
  const kept: Room[] = []
  return async (program) => {
    const room = await make(toRoomHost(host), [])
    kept.push(room)
    return room.evaluate(program)
  }
}

/** Each evaluation is over when its program calls `lookup`; what becomes of the program is left to `answer`. */
async function openLeft({ prepare }: Technique, host: HostFunctions, answer: HostFunctions['lookup']): Promise<Evaluate> {
  const make = await prepare(host)
  const kept: Room[] = []
  return (program) => new Promise((resolve, reject) => {
    const lookup: HostFunctions['lookup'] = (item) => {
      resolve(true)
      return answer(item)
    }
    const start = async (): Promise<void> => {
      const room = await make({ ...toRoomHost(host), lookup }, ['lookup'])
      kept.push(room)
      await room.evaluate(program)
    }
    start().catch(reject)
  })
}

/** What the first call makes for all that follow is not of the program whose deadline is looked at. */
async function openWarm(open: (host: HostFunctions) => Promise<Evaluate>, host: HostFunctions): Promise<Evaluate> {
  const evaluate = await open(host)
  await (async () => evaluate('1 + 1', {}))().catch((error: unknown) => {
    if (!(error instanceof Stopped)) throw error
  })
  return evaluate
}

/** The import itself is what is timed: no room is made unless a proof asks for one. */
async function openImport(technique: Technique, host: HostFunctions): Promise<Evaluate> {
  await technique.import!()
  return async (program) => {
    const make = await technique.prepare(host)
    return once(make(toRoomHost(host), []), (room) => room.evaluate(program))
  }
}
