import type { ChildProcess } from 'node:child_process'

/** Keeps the messages of a process until somebody asks for them. */
export interface Inbox<Message> {
  next(patienceMs: number): Promise<Message>
}

export function createInbox<Message>(child: ChildProcess): Inbox<Message> {
  const messages: Message[] = []
  let complaints = ''
  let end: Error | undefined
  let wake = (): void => {}
  child.stderr!.on('data', (chunk: Buffer) => {
    if (complaints.length < 10_000) complaints += chunk.toString()
  })
  child.on('message', (message) => {
    messages.push(message as Message)
    wake()
  })
  child.on('close', (code, signal) => {
    const said = complaints.split('\n').find((line) => /error|fatal|abort/i.test(line))
    end = new Error(`ended by ${signal ?? `exit code ${code}`}${said === undefined ? '' : `: ${said.trim()}`}`)
    wake()
  })
  return {
    async next(patienceMs) {
      if (messages.length === 0 && end === undefined) await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      if (messages.length > 0) return messages.shift()!
      throw end ?? new Error(`no answer within ${patienceMs / 1000} s`)
    },
  }
}
