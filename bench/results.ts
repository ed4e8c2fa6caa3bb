import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { CaseReport, OutcomeReport, SampledReport } from './run-suite.js'

export const SCHEMA_VERSION = 2

const load = z.tuple([z.number(), z.number(), z.number()]).describe('Load averages over 1, 5 and 15 minutes')
const at = z.union([z.number(), z.string()]).describe('Place on the axis; absent where there is only one')
const who = {
  contender: z.string(),
  arm: z.enum(['contained', 'baseline']),
  limits: z.string().describe('Limits it was given; not a claim that they hold'),
}
const missing = z.array(
  z.strictObject({
    contender: z.string(),
    at: at.optional(),
    cause: z.enum(['not installed', 'failed']),
    reason: z.string(),
  }),
)
const tookMs = z.number()

const sampled = z.strictObject({
  kind: z.enum(['latency', 'series']),
  name: z.string(),
  title: z.string(),
  about: z.string().describe('What one operation is'),
  quantity: z.enum(['time', 'rate', 'memory']).describe('Unit of the samples: milliseconds per operation, operations a second, or bytes per evaluation'),
  axis: z
    .union([
      z.strictObject({ kind: z.literal('number'), title: z.string(), unit: z.enum(['bytes', 'count']), scale: z.enum(['log', 'linear']) }),
      z.strictObject({ kind: z.literal('names'), title: z.string() }),
    ])
    .optional(),
  tookMs,
  measured: z.array(
    z.strictObject({
      ...who,
      points: z.array(
        z.strictObject({
          at: at.optional(),
          rounds: z.array(z.array(z.number())).describe('Samples in the order they were taken, those of a round together'),
        }),
      ),
    }),
  ),
  missing,
})

const outcome = z.strictObject({
  kind: z.literal('outcome'),
  name: z.string(),
  title: z.string(),
  about: z.string(),
  limits: z.strictObject({ deadlineMs: z.number(), memoryBytes: z.number() }),
  killAfterMs: z.number().describe('Milliseconds past the deadline after which the harness killed the process'),
  programs: z.array(z.strictObject({ name: z.string(), threat: z.string() })),
  tookMs,
  measured: z.array(
    z.strictObject({
      ...who,
      trials: z.array(
        z.strictObject({
          program: z.string(),
          outcome: z.enum(['survived', 'escaped', 'wrong', 'ended', 'killed']),
          by: z.string().describe('Who ended the program'),
          elapsedMs: z.number(),
          heldMs: z.number().optional().describe("Longest time the host's event loop stood still"),
          startBytes: z.number().optional().describe('Resident memory before the program'),
          peakBytes: z.number().optional().describe('Most resident memory while it ran'),
          detail: z.string().optional(),
        }),
      ),
    }),
  ),
  missing,
})

/** One run of the suite with every sample it took; `results.schema.json` is the same as JSON Schema. */
export const resultsSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  quick: z.boolean(),
  interrupted: z.boolean().describe('Whether it was ended before it was done'),
  filter: z.string().optional().describe('Part of the case/contender names that were measured; all when absent'),
  leftOut: z.array(z.string()).describe('What a quick run leaves out: names of cases, case/contender, or case at point'),
  rounds: z.int().positive(),
  machine: z.strictObject({
    node: z.string(),
    v8: z.string(),
    platform: z.string(),
    cpu: z.string(),
    cores: z.int().positive(),
    memoryBytes: z.int().positive(),
    load,
    clock: z.strictObject({
      stepMs: z.number().describe('Smallest step of the clock in milliseconds'),
      readMs: z.number().describe('Cost of reading the clock in milliseconds'),
    }),
  }),
  loadAfter: load,
  versions: z.record(z.string(), z.string()).describe('Versions of the packages measured'),
  cases: z.array(z.discriminatedUnion('kind', [sampled, outcome])),
})

export type Results = z.infer<typeof resultsSchema>
export type CaseResults = Results['cases'][number]
export type SampledResults = z.infer<typeof sampled>
export type OutcomeResults = z.infer<typeof outcome>
export type TrialResults = OutcomeResults['measured'][number]['trials'][number]
export type MissingResults = z.infer<typeof missing>[number]

export function toResults(report: CaseReport): CaseResults {
  return report.of.kind === 'outcome' ? toOutcomes(report as OutcomeReport) : toSampled(report as SampledReport)
}

function toSampled({ of, quantity, measured, missing: lacking, tookMs: took }: SampledReport): SampledResults {
  return {
    kind: of.kind, name: of.name, title: of.title, about: of.about, quantity, ...(of.kind === 'series' ? { axis: { ...of.axis } } : {}), tookMs: took,
    measured: measured.map((each) => ({ ...each, points: each.points.map(({ rounds, ...place }) => ({ ...place, rounds: rounds.map((round) => [...round]) })) })),
    missing: [...lacking],
  }
}

function toOutcomes({ of, programs, measured, missing: lacking, tookMs: took }: OutcomeReport): OutcomeResults {
  return {
    kind: of.kind, name: of.name, title: of.title, about: of.about, limits: { ...of.limits }, killAfterMs: of.killAfterMs, tookMs: took,
    programs: of.programs.filter(({ name }) => programs.includes(name)).map(({ name, threat }) => ({ name, threat })),
    measured: measured.map((each) => ({ ...each, trials: [...each.trials] })),
    missing: [...lacking],
  }
}

/** A run's time as the name of a file or folder. */
export function runName({ startedAt }: Pick<Results, 'startedAt'>): string {
  return startedAt.replaceAll(/[:.]/g, '-')
}

/** Writes a run. Throws when it is not what the schema describes. */
export function writeResults(file: string, results: Results): void {
  resultsSchema.parse(results)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(results)}\n`)
}

/** Throws an `Error` that says what is wrong with the file. */
export function readResults(file: string): Results {
  const json = JSON.parse(readFileSync(file, 'utf8')) as { schemaVersion?: unknown }
  if (json.schemaVersion !== SCHEMA_VERSION) throw new Error(`${file} is of schema version ${json.schemaVersion ?? 'none'}; this is ${SCHEMA_VERSION}. Measure again`)
  return resultsSchema.parse(json)
}
