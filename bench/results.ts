import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const load = z.tuple([z.number(), z.number(), z.number()]).describe('Load averages over 1, 5 and 15 minutes')

/** One run of the suite with every sample it took; `results.schema.json` is the same as JSON Schema. */
export const resultsSchema = z.strictObject({
  schemaVersion: z.literal(1),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  quick: z.boolean(),
  filter: z.string().optional().describe('Part of the case/contender names that were measured; all when absent'),
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
  cases: z.array(
    z.strictObject({
      name: z.string(),
      about: z.string().describe('What one operation is'),
      measured: z.array(
        z.strictObject({
          contender: z.string(),
          arm: z.enum(['contained', 'baseline']),
          limits: z.string().describe('Limits it was given; not a claim that they hold'),
          samples: z.array(z.number()).describe('Milliseconds per operation, in the order they were taken'),
        }),
      ),
      missing: z.array(z.strictObject({ contender: z.string(), reason: z.string() })),
    }),
  ),
})

export type Results = z.infer<typeof resultsSchema>

/** Writes a run into `folder` under its time and returns the file's name. */
export function writeResults(folder: string, results: Results): string {
  resultsSchema.parse(results)
  mkdirSync(folder, { recursive: true })
  const name = `${results.startedAt.replaceAll(/[:.]/g, '-')}.json`
  writeFileSync(join(folder, name), `${JSON.stringify(results)}\n`)
  return name
}
