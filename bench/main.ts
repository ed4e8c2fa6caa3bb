import { fileURLToPath } from 'node:url'
import { UsageError } from './args.js'
import { command } from './command.js'
import type { ArmRequest, TrialRequest } from './messages.js'
import { SERVE_ARM, serveArm } from './serve-arm.js'
import { SERVE_TRIAL, serveTrial } from './serve-trial.js'

// One file is the bench and each of the processes it starts.
const [role, request = ''] = process.argv.slice(2)
if (role === SERVE_ARM && process.send !== undefined) await serveArm(JSON.parse(request) as ArmRequest)
else if (role === SERVE_TRIAL && process.send !== undefined) await serveTrial(JSON.parse(request) as TrialRequest)
else process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  try {
    return await command(args, { entry: fileURLToPath(import.meta.url), stdout: process.stdout, stderr: process.stderr })
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`bench: ${error.message}\n`)
    return 2
  }
}
