import { type RunOptions, createSandbox, memoryDir } from 'glovebox'
import { http, systemClock } from 'glovebox/web'

// What the test deploys: one sandbox for all requests, made when the worker starts.
const sandbox = await createSandbox()
const atStart = await sandbox.run<number>('return 6 * 7')
const waitingAtStart = await sandbox.run('await new Promise((resolve) => setTimeout(resolve, 50))', { grants: { clock: systemClock() } }).catch(codeOf)

type Example = (console: { log(...values: readonly unknown[]): void }) => Promise<void>

interface Job {
  readonly source: string
  readonly options?: RunOptions
}

/** The worker that answers `POST /name` with what the case of that name gives, as JSON. */
export function createWorker(example: Example): { fetch(request: Request): Promise<Response> } {
  const cases: Readonly<Record<string, (request: Request) => Promise<unknown>>> = {
    async example() {
      let printed = ''
      await example({ log: (...values) => void (printed += `${values.join(' ')}\n`) })
      return printed
    },
    async run(request) {
      const { source, options } = (await request.json()) as Job
      return sandbox.run(source, options)
    },
    async draft(request) {
      const { source, options } = (await request.json()) as Job
      const out = memoryDir()
      const result = await sandbox.run(source, { ...options, grants: { fs: { '/out': out } } })
      return { result, written: new TextDecoder().decode(out.readFile('report.txt')) }
    },
    async wait() {
      return sandbox.run('await new Promise((resolve) => setTimeout(resolve, 1e6))', { grants: { clock: systemClock() }, limits: { deadlineMs: 100 } })
    },
    async net(request) {
      const { origin } = (await request.json()) as { readonly origin: string }
      const net = http([{ url: `${origin}/granted/*`, headers: { 'x-who': 'ana' } }])
      const source = "const answers = []; for (const path of input.paths) answers.push(await fetch(input.origin + path).then((response) => response.text(), (error) => error.name)); return answers"
      return sandbox.run(source, { input: { origin, paths: ['/granted/hello', '/granted/away', '/other'] }, grants: { net } })
    },
    async exception() {
      return sandbox.run('return [input.name, input.message, input.code]', { input: new DOMException('gone', 'AbortError') })
    },
    async surroundings() {
      return {
        atStart,
        waitingAtStart,
        threads: await createSandbox({ isolation: 'thread' }).catch(codeOf),
        compile: attempt(() => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))),
        // oxlint-disable-next-line no-new-func: that it is refused is what is shown
        eval: attempt(() => new Function('return 1')),
      }
    },
  }
  return {
    async fetch(request) {
      try {
        return Response.json(await cases[new URL(request.url).pathname.slice(1)]!(request))
      } catch (error) {
        return new Response(String(error instanceof Error ? error.stack : error), { status: 500 })
      }
    },
  }
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown }).code
}

function attempt(work: () => unknown): string {
  try {
    work()
    return 'allowed'
  } catch {
    return 'refused'
  }
}
