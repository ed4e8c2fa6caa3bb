import type { WireMessage } from '../codec.js'
import type { Ending, EngineUsage, HostAnswer, Ports, Program } from '../engine.js'
import { GloveboxError } from '../errors.js'
import { Stop } from '../stop.js'
import type { AnswerBox } from './box.js'
import { toBare } from './bare.js'
import { type Packet, pack } from './packet.js'
import type { Act, Answered, End, Question, Report, RunMessage, ToThread } from './protocol.js'

export interface CallOptions {
  readonly program: Program
  readonly ports: Ports
  readonly box: AnswerBox
  readonly post: (message: ToThread) => void
  /** Calls back once the work at hand is done. */
  readonly defer: (callback: () => void) => void
}

export interface Ended {
  readonly ending: Ending
  readonly usage: EngineUsage
}

/** The host's side of one call on a thread: what the guest may ask goes through the call's own ports, as on one thread. */
export class ThreadCall {
  readonly ended: Promise<Ended>
  readonly #options: CallOptions
  readonly #waits = new Map<number, AbortController>()
  #resolve!: (ended: Ended) => void
  #reject!: (error: unknown) => void
  #answers: Answered[] = []
  #fuel = 0
  #inFlight = 0
  #open = true

  constructor(options: CallOptions) {
    this.#options = options
    this.ended = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  start(leftMs: number): void {
    const { program, ports, post, box } = this.#options
    box.clear()
    // The host's own fuel hands out nothing; what the thread used stands in for what is left of it.
    ports.watchFuel(() => -this.#fuel)
    const { startMs, timeZone, frozenMs, wait } = ports.clock
    const clock: RunMessage['clock'] = { startMs, timeZone, frozenMs, waits: wait !== undefined }
    const { input } = program
    post({ type: 'run', program: { ...program, input: input && toOwn(input) }, limits: ports.limits, leftMs, clock })
    ports.halt.onStop(() => {
      if (!this.#open) return
      box.stop()
      post({ type: 'stop' })
    })
  }

  /** Takes what the thread tells. Anything it would not tell by itself means that it must go. */
  hear(report: Report): void {
    if (!this.#open) return
    const { halt } = this.#options.ports
    for (const act of report.acts) this.#perform(act)
    this.#fuel = Number(report.fuel)
    if (report.question !== undefined && halt.stop === undefined) this.#answer(report.question)
    const { end } = report
    if (end === undefined) return
    // Host functions that wait for nothing real have answered by then, as they have on one thread.
    if (this.#inFlight > 0) this.#options.defer(() => this.#end(end))
    else this.#end(end)
  }

  /** Ends the call with what is known of it, for a thread that cannot. */
  abandon(): void {
    if (this.#close()) this.#resolve({ ending: { outcome: 'stopped' }, usage: { fuel: this.#fuel, memoryPeakBytes: 0 } })
  }

  #end(end: End): void {
    if (!this.#close()) return
    if (end.kind === 'failed') return this.#reject(new GloveboxError('internal', end.message))
    const { halt, exit } = this.#options.ports
    if (end.stop !== undefined) halt.set(end.stop.reason, end.stop.message)
    if (end.exitCode !== undefined) exit(end.exitCode)
    this.#resolve({ ending: end.ending, usage: end.usage })
  }

  #close(): boolean {
    if (!this.#open) return false
    this.#open = false
    for (const wait of this.#waits.values()) wait.abort()
    return true
  }

  #perform(act: Act): void {
    const { ports } = this.#options
    switch (act.act) {
      case 'write':
        return orStop(() => ports.write(act.level, act.text))
      case 'call':
        // Of when the guest called: what the host decides at once is recorded as of then.
        this.#fuel = Number(act.fuel)
        return orStop(() => this.#call(act.id, ports.callAsync(act.operation, act.args)))
      case 'wait':
        return this.#wait(act.id, act.ms)
      case 'unwait':
        this.#waits.get(act.id)?.abort()
        this.#waits.delete(act.id)
    }
  }

  #call(id: number, answer: HostAnswer | Promise<HostAnswer>): void {
    this.#inFlight++
    const arrive = (arrived: HostAnswer | undefined): void => {
      this.#inFlight--
      if (!this.#open) return
      // What arrives together is sent together, and so is told to the guest in one go, as on one thread.
      if (this.#answers.push({ id, answer: arrived && toOwnAnswer(arrived) }) === 1) this.#options.defer(() => this.#sendAnswers())
    }
    if (answer instanceof Promise) answer.then(arrive, () => arrive(undefined))
    else arrive(answer)
  }

  #sendAnswers(): void {
    const answers = this.#answers
    this.#answers = []
    if (this.#open) this.#options.post({ type: 'answers', answers })
  }

  #wait(id: number, ms: number): void {
    const { wait } = this.#options.ports.clock
    const waking = new AbortController()
    this.#waits.set(id, waking)
    const wake = (): void => {
      if (this.#waits.delete(id) && this.#open) this.#options.post({ type: 'waited', id })
    }
    wait?.(ms, waking.signal).then(wake, wake)
  }

  #answer(question: Question): void {
    const { ports, box } = this.#options
    if (question.ask === 'again') return box.putAgain(question.into)
    orStop(() => box.put(pack(answerOf(question, ports))))
  }
}

function answerOf(question: Exclude<Question, { ask: 'again' }>, ports: Ports): Packet {
  switch (question.ask) {
    case 'call': {
      const answer = ports.call(question.operation, question.args)
      if (!answer.ok) return toPacket(answer.error)
      return answer.message === undefined ? { ...toBare(answer.value), blobs: [] } : { data: null, ...answer.message }
    }
    case 'load': {
      const loaded = ports.loadModule(question.name)
      return loaded.ok ? { data: { language: loaded.language }, text: loaded.source, blobs: [] } : toPacket({ error: loaded.error })
    }
    case 'resolve':
      return toPacket(ports.resolveModule(question.importer, question.specifier))
    case 'seed':
      return toPacket(ports.seed())
    case 'now':
      return toPacket(ports.clock.now())
    case 'offset':
      return toPacket(ports.clock.utcOffsetSeconds(question.epochSeconds))
    case 'heard':
      return toPacket(null)
  }
}

function toPacket(data: unknown): Packet {
  return { data, text: '', blobs: [] }
}

/** A stop has marked the call already, and so told the thread. */
function orStop(act: () => void): void {
  try {
    act()
  } catch (error) {
    if (!(error instanceof Stop)) throw error
  }
}

function toOwnAnswer(answer: HostAnswer): HostAnswer {
  return answer.ok && answer.message !== undefined ? { ok: true, message: toOwn(answer.message) } : answer
}

/** Cloning a view takes all the memory that it looks into along: bytes of the host's that are none of the message. */
function toOwn({ text, blobs }: WireMessage): WireMessage {
  return { text, blobs: blobs.map((blob) => (blob.byteLength === blob.buffer.byteLength ? blob : blob.slice())) }
}
