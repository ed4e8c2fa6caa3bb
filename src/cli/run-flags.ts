import type { FlagTable } from './flags.js'

/** What a guest may reach. */
const GRANT_FLAGS = {
  'allow-read': {
    value: { needed: 'HOST[::GUEST]' },
    repeats: 'may repeat',
    help: 'Directory the program may read. GUEST is where it finds it; without it, /NAME after the directory\'s own name.',
  },
  'allow-write': {
    value: { needed: 'HOST[::GUEST][:QUOTA]' },
    repeats: 'may repeat',
    help: 'Directory the program may read and change, up to QUOTA more bytes (64mb).',
  },
  'allow-net': {
    value: { needed: 'URL-PATTERN[#METHODS]' },
    repeats: 'may repeat',
    help: 'HTTP operation: exact host and port; in the path "*" is one segment, a last "**" the rest, "?*" any query. METHODS is GET unless named, as GET,POST.',
  },
  'allow-env': { value: { needed: 'NAME,...' }, repeats: 'may repeat', help: 'Environment variables the program may see.' },
  'allow-time': { value: { optional: 'coarse:100ms|fixed:ISO' }, repeats: 'never', help: 'The time of day; otherwise it stands still in the year 2000.' },
  'allow-random': { value: { optional: 'seed:N' }, repeats: 'never', help: 'Real randomness; otherwise a fixed sequence.' },
  'allow-stdin': { value: 'never', repeats: 'never', help: 'Standard input of the command, read to its end before the program starts.' },
  policy: { value: { needed: 'FILE' }, repeats: 'never', help: 'Grants and limits from a JSON policy; see glovebox policy check.' },
} as const satisfies FlagTable

/** What it may use, and how it is shown. */
const CALL_BOUNDS = {
  timeout: { value: { needed: '2s' }, repeats: 'never', help: 'Deadline: 500ms, 2s, 1m (30s).' },
  fuel: { value: { needed: 'N' }, repeats: 'never', help: 'Deterministic work units (10000000000).' },
  memory: { value: { needed: '64mb' }, repeats: 'never', help: 'Memory of the program: 512kb, 64mb, 1gb (64mb).' },
  json: { value: 'never', repeats: 'never', help: 'Print the whole result as one JSON object.' },
  events: { value: { needed: 'FILE.jsonl' }, repeats: 'never', help: 'Append every host call and console line to FILE as it happens.' },
  help: { value: 'never', repeats: 'never', help: 'Print this.' },
} as const satisfies FlagTable

/** Flags of `glovebox run`. */
export const RUN_FLAGS = {
  ...GRANT_FLAGS,
  input: { value: { needed: 'JSON|@FILE' }, repeats: 'never', help: 'What the program is called with.' },
  ...CALL_BOUNDS,
} as const satisfies FlagTable

/** Flags of `glovebox call`. */
export const CALL_FLAGS = {
  args: { value: { needed: 'JSON|@FILE' }, repeats: 'never', help: 'The arguments, one list (none).' },
  ...GRANT_FLAGS,
  ...CALL_BOUNDS,
} as const satisfies FlagTable

export const INSPECT_FLAGS = {
  interface: { value: { needed: 'NAME' }, repeats: 'may repeat', help: 'Interface you would offer, such as acme:host/kv.' },
  json: { value: 'never', repeats: 'never', help: 'Print it as one JSON object.' },
  help: { value: 'never', repeats: 'never', help: 'Print this.' },
} as const satisfies FlagTable

export const BUILD_FLAGS = {
  out: { value: { needed: 'DIR' }, repeats: 'never', help: 'Where it is written; also -o DIR.' },
  mode: { value: { needed: 'jspi|sync' }, repeats: 'never', help: 'Whether calls may be suspended: jspi where the runtime can, which must be so there (jspi).' },
  interface: { value: { needed: 'NAME' }, repeats: 'may repeat', help: 'Interface you will offer, such as acme:host/kv.' },
  help: { value: 'never', repeats: 'never', help: 'Print this.' },
} as const satisfies FlagTable

/** Flags that stand without a command, or with `policy`. */
export const PLAIN_FLAGS = {
  help: { value: 'never', repeats: 'never', help: 'Print this.' },
  version: { value: 'never', repeats: 'never', help: 'Print the version.' },
} as const satisfies FlagTable

export const POLICY_FLAGS = {
  help: { value: 'never', repeats: 'never', help: 'Print this.' },
} as const satisfies FlagTable

export const BENCH_FLAGS = {
  json: { value: 'never', repeats: 'never', help: 'Print what was measured as one JSON object.' },
  help: { value: 'never', repeats: 'never', help: 'Print this.' },
} as const satisfies FlagTable
