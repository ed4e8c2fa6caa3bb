import { appendFileSync } from 'node:fs'
import type { CallOptions } from '../call.js'
import { GloveboxError } from '../errors.js'
import type { GloveboxEvent } from '../options.js'
import { grantsFromPolicy } from '../policy-file/node.js'
import type { RunResult } from '../result.js'
import { createSandbox } from '../sandbox.js'
import { toColours } from './colours.js'
import { EXIT, toExitCode } from './exit-code.js'
import type { Job, JobReport, Work } from './job.js'
import { toJsonLine } from './json-result.js'
import { neutralise } from './neutralise.js'
import { showResult } from './show-result.js'

/** Runs one job to its end; what cannot be run is a report, too. */
export async function perform(job: Job, signal: AbortSignal): Promise<JobReport> {
  try {
    // Paths of a job are absolute, so where relative ones start does not matter.
    using policy = await grantsFromPolicy(job.policy, { baseDir: '/', env: job.env })
    const { events, stdin, work } = job
    const result = await performWork(work, {
      grants: { ...policy.grants, ...(stdin === undefined ? {} : { stdin }) },
      limits: { ...policy.limits, ...job.limits },
      signal,
      ...(events === undefined ? {} : { onEvent: (event: GloveboxEvent) => appendFileSync(events, `${JSON.stringify(event)}\n`) }),
    })
    const exitCode = toExitCode(result, work.kind === 'command' ? { exits: 'return' } : {})
    if (job.form === 'json') return { exitCode, stdout: toJsonLine(result, policy.drafts), stderr: '' }
    return { exitCode, ...showResult(result, { policy: job.policy, drafts: policy.drafts, colours: toColours({ when: job.coloured }), prints: work.kind === 'command' ? 'output' : 'value' }) }
  } catch (error) {
    return toRefusal(error)
  }
}

async function performWork(work: Work, options: CallOptions): Promise<RunResult> {
  if (work.kind === 'program') {
    const { source, filename, language, input, args } = work
    await using sandbox = await createSandbox()
    return await sandbox.run(source, { ...options, filename, language, input, args })
  }
  // Loaded by who runs one.
  const { component } = await import('../component/engine.js')
  await using sandbox = await createSandbox({ engines: [component()] })
  await using tool = await sandbox.load(work.bytes)
  return work.kind === 'command' ? await tool.run({ ...options, args: work.args }) : await tool.call(work.name, work.args, options)
}

/** Codes of misuse that a better command line would not mend. */
const INTERNAL: ReadonlySet<string> = new Set(['internal', 'event-sink-failed', 'disposed'])

/** What glovebox refused, as the command reports it. */
export function toRefusal(error: unknown): JobReport {
  if (!(error instanceof GloveboxError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { exitCode: EXIT.failed, stdout: '', stderr: `glovebox: unexpected failure: ${neutralise(text)}\n` }
  }
  return { exitCode: INTERNAL.has(error.code) ? EXIT.failed : EXIT.usage, stdout: '', stderr: `glovebox: ${neutralise(error.message)} (${error.code})\n` }
}
