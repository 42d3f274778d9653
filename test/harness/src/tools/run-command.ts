import { spawn } from 'node:child_process'

/** What a finished process left. */
export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>

/** How to start a process; nothing is inherited but what is given here. */
interface CommandOptions {
  readonly env?: Environment
  readonly cwd?: string
  readonly input?: string
  /** In milliseconds: a program that runs longer is killed, and stderr says so. */
  readonly timeout?: number | undefined
}

/** Runs a program to its end; rejects only when it cannot be started. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...(options.env ?? process.env) },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeout,
      killSignal: 'SIGKILL',
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    child.on('error', reject)
    child.stdin.on('error', () => {}) // a program that ends without reading its input
    child.stdin.end(options.input ?? '')
    child.on('close', (code) => {
      const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString()
      if (child.killed)
        stderr.push(Buffer.from(`Killed after ${(options.timeout ?? 0) / 1000} s.\n`))
      resolve({ code: code ?? 1, stdout: text(stdout), stderr: text(stderr) })
    })
  })
}

/** Returns a function that runs at most `limit` tasks at a time, in the order of the calls. */
export function limiter(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (task) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}

/** The command as a user can paste it into a shell. */
export function shellCommand(program: string, args: readonly string[]): string {
  const quote = (word: string): string =>
    /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
  return [program, ...args].map(quote).join(' ')
}

/** A command that prints the text and a newline in any shell: in some, echo interprets backslashes. */
export function printCommand(text: string): string {
  if (!text.includes('\\')) return shellCommand('echo', [text])
  return shellCommand('printf', ['%s\\n', text])
}
