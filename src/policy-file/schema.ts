import * as z from 'zod'
import { LIMIT_RANGES, type Limits } from '../limits.js'

const bytes = (what: string) => z.int().min(0).describe(what).optional()

const labels = z
  .array(z.enum(['private', 'external']))
  .describe('"private": reading it makes the call\'s data private. "external": what is written or sent there leaves.')
  .optional()

const host = z.string().min(1).describe('A directory of the host; a relative path starts at the folder of the policy.')

const quota = {
  maxBytes: bytes('Bytes guests may add.'),
  maxEntries: bytes('Files, directories and links guests may add.'),
  maxDepth: bytes('Directories within directories.'),
}

const readMount = z
  .strictObject({ host, mode: z.literal('read').describe('Reading only; the default.').optional(), labels })
  .describe('A host directory that can be read.')

const writeMount = z
  .strictObject({
    host,
    mode: z
      .enum(['read-write', 'append', 'no-delete'])
      .describe('"read-write": everything. "append": new files and additions at the end. "no-delete": nothing is removed, replaced or cut short.'),
    ...quota,
    labels,
    symlinks: z.enum(['refuse', 'descending']).describe('Whether guests may make symbolic links whose targets lie below them. Default "refuse".').optional(),
    dangerouslyWritable: z.array(z.string().min(1)).describe('Names that host tools obey, such as "package.json", which guests may write nevertheless.').optional(),
  })
  .describe('A host directory that can be changed.')

const draftMount = z
  .strictObject({ host, mode: z.literal('copy-on-write').describe('Guests change a copy; nothing reaches the host.'), ...quota, labels })
  .describe('A host directory of which guests change a copy.')

const memoryMount = z
  .strictObject({ memory: z.strictObject(quota).describe('What it may hold.'), labels })
  .describe('An empty directory in memory, gone with the run.')

const mount = z.union([z.discriminatedUnion('mode', [readMount, writeMount, draftMount]), memoryMount])

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/)

const header = z.union([
  z.string().describe('A public constant, such as a version. A credential in plain text is refused.'),
  z
    .strictObject({
      env: variable.describe('The environment variable of the host that holds the credential.'),
      prefix: z.string().describe('Put before the value, such as "Bearer ".').optional(),
    })
    .describe('A credential, by reference only.'),
])

const rule = z
  .strictObject({
    url: z.string().describe('Exact scheme, host and port, then a path: "*" is one segment, a last "**" whatever follows, "?*" any query.'),
    methods: z.array(z.string()).describe('Default ["GET"].').optional(),
    headers: z.record(z.string(), header).describe('Headers the host attaches to requests.').optional(),
    allowHeaders: z.array(z.string()).describe('Further headers the guest may set.').optional(),
    maxRequestBytes: z.int().min(1).describe('Bytes of URL, headers and body of one request. Default 1 MiB.').optional(),
    maxResponseBytes: z.int().min(1).describe('Bytes of the body of one response. Default 10 MiB.').optional(),
    allowPrivateAddresses: z.array(z.string()).describe('Addresses or CIDR ranges that are not public and may be connected to.').optional(),
    redirects: z.enum(['refuse', 'recheck']).describe('"recheck" decides each redirect as if the guest had asked for it. Default "refuse".').optional(),
    labels,
  })
  .describe('One operation over HTTP.')

const connections = z
  .strictObject({
    targets: z.array(z.string()).describe('"host:port" each, such as "db.example.com:5432".'),
    allowPrivateAddresses: z.array(z.string()).describe('Addresses or CIDR ranges that are not public and may be connected to.').optional(),
    maxBytesIn: z.int().min(1).describe('Bytes all connections of a run may receive. Default 10 MiB.').optional(),
    maxBytesOut: z.int().min(1).describe('Bytes all connections of a run may send. Default 1 MiB.').optional(),
    labels,
  })
  .describe('TCP connections of components, as a client.')

const clock = z.union([
  z.strictObject({
    system: z
      .strictObject({
        resolutionMs: z.number().gt(0).describe('Steps in which time is seen, in milliseconds. Default 1.').optional(),
        timeZone: z.string().min(1).describe('IANA zone of local time. Default "UTC".').optional(),
      })
      .describe('The machine\'s own time.'),
  }),
  z.strictObject({ fixed: z.string().min(1).describe('An ISO 8601 instant at which time stands still.') }),
  z.strictObject({
    stepped: z
      .strictObject({
        start: z.string().min(1).describe('First reading. Default "2000-01-01T00:00:00Z".').optional(),
        stepMs: z.number().min(0).describe('How far each reading moves it. Default 1.').optional(),
      })
      .describe('Time that moves with every reading.'),
  }),
])

const random = z.union([
  z.strictObject({ seed: z.int().min(0).describe('The same sequence in every run. Never a source of keys.') }),
  z.strictObject({ system: z.strictObject({}).describe('The platform\'s cryptographic generator.') }),
])

const environment = z.union([
  variable.describe('A variable copied from the host; left out when it is not set there.'),
  z.strictObject({ name: variable, value: z.string() }).describe('A constant.'),
])

const stdin = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ file: z.string().min(1).describe('A file of the host, read as UTF-8; at most 10 MiB.') }),
])

const LIMIT_WORDS: { readonly [K in keyof Limits]: string } = {
  fuel: 'Deterministic work units.',
  deadlineMs: 'Wall time in milliseconds.',
  memoryBytes: 'Linear memory of the guest in bytes.',
  stackBytes: 'Native stack the guest may use, in bytes.',
  sourceBytes: 'UTF-8 bytes of source text.',
  resultBytes: 'Encoded bytes of the result.',
  outputBytes: 'Bytes of console, stdout and stderr together.',
  hostCalls: 'Host calls in all.',
  hostCallsInFlight: 'Host calls waiting for their answer at once.',
  hostBytesIn: 'Bytes that may enter through host calls.',
  hostBytesOut: 'Bytes that may leave through host calls.',
  timers: 'Timers alive at once.',
  resources: 'Open descriptors, bodies and other host resources alive at once.',
  tableElements: 'Elements of a WebAssembly table.',
}

const limitShape = Object.fromEntries(
  Object.entries(LIMIT_RANGES).map(([name, [least, most]]) => [name, z.int().min(least).max(most).describe(LIMIT_WORDS[name as keyof Limits]).optional()]),
) as { [K in keyof Limits]: z.ZodOptional<z.ZodInt> }

/** A policy file: grants in the form of data. Everything left out is denied. */
export const policySchema = z
  .strictObject({
    $schema: z.string().describe('Where editors find this schema.').optional(),
    fs: z.record(z.string().regex(/^\//), mount).describe('Directories by guest path.').optional(),
    net: z.array(rule).describe('HTTP operations.').optional(),
    netTotals: z
      .strictObject({
        maxBytesIn: z.int().min(1).describe('Bytes of all responses of a run. Default 10 MiB.').optional(),
        maxBytesOut: z.int().min(1).describe('Bytes of all requests of a run. Default 1 MiB.').optional(),
      })
      .describe('Bounds of all rules together.')
      .optional(),
    tcp: connections.optional(),
    clock: clock.describe('Default: frozen at 2000-01-01T00:00:00Z.').optional(),
    random: random.describe('Default: a fixed sequence, the same in every run.').optional(),
    env: z.array(environment).describe('Environment variables of the guest.').optional(),
    stdin: stdin.describe('Standard input of the guest.').optional(),
    limits: z.strictObject(limitShape).describe('Bounds of a run.').optional(),
  })
  .describe('What a glovebox guest may reach. Everything left out is denied.')

export type Policy = z.infer<typeof policySchema>
export type PolicyMount = NonNullable<Policy['fs']>[string]
export type PolicyRule = NonNullable<Policy['net']>[number]

/** The JSON Schema of {@link policySchema}, draft 2020-12. */
export function policyJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(policySchema, { target: 'draft-2020-12', io: 'input' }) as Record<string, unknown>
}
