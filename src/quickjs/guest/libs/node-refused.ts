import type { GuestCore } from '../core.js'
import { METHODS, STATUS_CODES } from './node-refused/http.js'
import { isIP } from './node-refused/ip.js'
import { nodeError } from './node/errors.js'

const FETCH = 'use fetch() with grants.net'
const TOOL = 'pass a tool to the call that does what the guest may ask for'
const ALONE = 'a call has one thread; await tools or fetch() side by side with Promise.all()'
const EVAL = 'new Function() and import() run code inside the same sandbox'

interface Refused {
  readonly instead: string
  /** Functions and classes, with spaces between them. */
  readonly names: string
  /** What is there all the same. */
  readonly works?: (core: GuestCore) => object
}

const HTTP = 'request get createServer Agent Server ClientRequest IncomingMessage OutgoingMessage ServerResponse'
const DNS = 'lookup lookupService resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTxt reverse setServers getServers setDefaultResultOrder Resolver'
const agent = (protocol: string) => () => ({ globalAgent: Object.freeze({ protocol, maxSockets: Infinity }) })

const MODULES: Readonly<Record<string, Refused>> = {
  child_process: { instead: TOOL, names: 'exec execFile execFileSync execSync fork spawn spawnSync ChildProcess' },
  net: {
    instead: FETCH,
    names: 'connect createConnection createServer Socket Stream Server BlockList SocketAddress',
    works: () => ({ isIP, isIPv4: (text: unknown) => isIP(text) === 4, isIPv6: (text: unknown) => isIP(text) === 6 }),
  },
  tls: { instead: FETCH, names: 'connect createServer createSecureContext TLSSocket Server SecureContext getCiphers checkServerIdentity', works: () => ({ rootCertificates: [], DEFAULT_MIN_VERSION: 'TLSv1.2', DEFAULT_MAX_VERSION: 'TLSv1.3' }) },
  dnsPromises: { instead: FETCH, names: DNS },
  dgram: { instead: TOOL, names: 'createSocket Socket' },
  dns: { instead: `${FETCH}, which finds hosts by their names`, names: DNS, works: () => ({ promises: refuse('dns.promises', { instead: FETCH, names: DNS }), ADDRCONFIG: 1024, V4MAPPED: 2048, ALL: 256, NODATA: 'ENODATA', NOTFOUND: 'ENOTFOUND' }) },
  http: { instead: FETCH, names: `${HTTP} validateHeaderName validateHeaderValue setMaxIdleHTTPParsers`, works: () => ({ METHODS, STATUS_CODES, maxHeaderSize: 16_384, ...agent('http:')() }) },
  https: { instead: FETCH, names: 'request get createServer Agent Server', works: agent('https:') },
  http2: { instead: FETCH, names: 'connect createServer createSecureServer getDefaultSettings getPackedSettings getUnpackedSettings performServerHandshake Http2ServerRequest Http2ServerResponse', works: () => ({ constants: Object.freeze({}), sensitiveHeaders: Symbol('nodejs.http2.sensitiveHeaders') }) },
  worker_threads: {
    instead: ALONE,
    names: 'Worker BroadcastChannel moveMessagePortToContext receiveMessageOnPort postMessageToThread setEnvironmentData markAsUntransferable',
    works: () => {
      const global = globalThis as Record<string, unknown>
      return { isMainThread: true, isInternalThread: false, parentPort: null, workerData: null, threadId: 0, resourceLimits: {}, SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'), getEnvironmentData: (): undefined => undefined, MessageChannel: global['MessageChannel'], MessagePort: global['MessagePort'] }
    },
  },
  cluster: { instead: ALONE, names: 'fork setupPrimary setupMaster disconnect Worker', works: () => ({ isMaster: true, isPrimary: true, isWorker: false, workers: {}, settings: {} }) },
  vm: { instead: EVAL, names: 'createContext runInContext runInNewContext runInThisContext compileFunction measureMemory Script SourceTextModule SyntheticModule', works: () => ({ isContext: () => false, constants: Object.freeze({}) }) },
  v8: {
    instead: 'the engine is QuickJS; structuredClone() copies values, and usage of the result tells what a call took',
    names: 'serialize deserialize getHeapStatistics getHeapSpaceStatistics getHeapSnapshot getHeapCodeStatistics writeHeapSnapshot setFlagsFromString setHeapSnapshotNearHeapLimit takeCoverage stopCoverage queryObjects Serializer Deserializer DefaultSerializer DefaultDeserializer GCProfiler',
    works: () => ({ cachedDataVersionTag: () => 0, startupSnapshot: Object.freeze({ isBuildingSnapshot: () => false }) }),
  },
  inspector: { instead: 'console.log() writes to the output of the call', names: 'open close waitForDebugger Session', works: () => ({ url: (): undefined => undefined, console: globalThis.console }) },
  repl: { instead: 'give the source to the call', names: 'start REPLServer Recoverable' },
  trace_events: { instead: 'the ledger of the result tells what a call did', names: 'createTracing getEnabledCategories' },
  wasi: { instead: 'components run WASI programs, beside guests', names: 'WASI' },
  sqlite: { instead: 'sql.js runs inside the sandbox, and a tool may ask a database', names: 'DatabaseSync StatementSync Session backup' },
  test: { instead: 'node:assert checks, and a runner outside the sandbox counts', names: 'test it describe suite before after beforeEach afterEach run', works: () => ({ mock: Object.freeze({}) }) },
}

/** An importable module whose functions tell what to use in their place. */
const refuse = (module: string, { instead, names }: Refused): Record<string, unknown> => {
  const exports: Record<string, unknown> = {}
  for (const name of names.split(' ')) {
    // A function that can be called, made instances of and extended.
    const refused = function (): never {
      throw nodeError(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `${module}.${name} is not available in a sandbox: ${instead}`)
    }
    Object.defineProperty(refused, 'name', { value: name })
    exports[name] = refused
  }
  return exports
}

/** Node's modules of what a sandbox has not: libraries that import and never use them still load. */
export default (core: GuestCore) => {
  const modules: Record<string, unknown> = {}
  for (const [name, refused] of Object.entries(MODULES)) {
    let made: object | undefined
    Object.defineProperty(modules, name, { get: () => (made ??= { ...refuse(name, refused), ...refused.works?.(core) }), enumerable: true })
  }
  return modules
}
