// What every script shares: arguments, --help, and errors that are one sentence instead of a stack.
import { readFileSync } from 'node:fs'
import { parse } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'
import { closest } from 'chart-harness'

class UserError extends Error {
  override name = 'UserError'
}

const ONE_SENTENCE = new Set(['UserError', 'ToolError'])

/** Stops the script with one sentence: what is wrong, where, and what to do. */
export function fail(message: string): never {
  throw new UserError(message)
}

/** Reads the command line as `parseArgs` does; a mistake is answered with what the script's comment says under "Usage:". */
export function readArgs<T extends Omit<ParseArgsConfig, 'args'>>(
  script: ImportMeta,
  args: readonly string[],
  config: T,
): ReturnType<typeof parseArgs<T & { args: string[] }>> {
  try {
    return parseArgs({ ...config, args: [...args] })
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error)) throw error
    const [text = ''] = error.message.split(/\.\s|\n/)
    const reason = `${nameOf(script)}: ${text.charAt(0).toLowerCase()}${text.slice(1)}.`
    const [, option = ''] = /^unknown option '--?(.*)'$/i.exec(text) ?? []
    const near = closest(option, Object.keys(config.options ?? {}))
    fail(`${reason}${near === undefined ? '' : ` Did you mean --${near}?`} ${usageOf(script)}`)
  }
}

/** Reads the number of an option; fails unless it is a whole one of at least `least`. */
export function readCount(script: ImportMeta, option: string, text: string, least = 1): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= least) return number
  return fail(`${nameOf(script)}: --${option} ${text}: must be a whole number, ${least} or more.`)
}

/** Reads `--helm`: the major version of a Helm that the chart supports. */
export function readHelm(script: ImportMeta, text: string): 3 | 4 {
  if (text === '3' || text === '4') return text === '3' ? 3 : 4
  return fail(`${nameOf(script)}: --helm ${text} is not known. Write 3 or 4.`)
}

/** The release that README.md installs. */
export const defaultRelease = 'mastodon'

/** Reads `--release`: a name that Helm accepts. */
export function readRelease(script: ImportMeta, text: string): string {
  if (/^[a-z0-9]([a-z0-9.-]{0,51}[a-z0-9])?$/.test(text) && !/\.[.-]|-\./.test(text)) return text
  return failName(script, 'release', text, 53)
}

/** Reads `--namespace`: a name that Kubernetes accepts. */
export function readNamespace(script: ImportMeta, text: string): string {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text
  return failName(script, 'namespace', text, 63)
}

function failName(script: ImportMeta, option: string, text: string, most: number): never {
  const rule = `at most ${most} small letters, digits and hyphens, no hyphen at either end`
  fail(`${nameOf(script)}: --${option} "${text}" is not a name that can be used. Write ${rule}.`)
}

const nameOf = (script: ImportMeta): string => parse(script.filename).name

/** `Usage: …` as the script's first comment has it. */
export function usageOf(script: ImportMeta): string {
  return helpOf(script.filename).split('\n')[0] ?? ''
}

/** The first comment of a script: how it is called, and what it does. */
function helpOf(file: string): string {
  const [comment = ''] = /^(\/\/.*\n)+/.exec(readFileSync(file, 'utf8')) ?? []
  return comment.replaceAll(/^\/\/ ?/gm, '').trimEnd()
}

/** Everything a script gets from its caller: a user's process, or a test in its own process. */
export interface Call {
  readonly args: readonly string[]
  /** Where relative paths begin, and below which paths are shown relative. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Writes a line to standard output. */
  readonly print: (line: string) => void
  /** Writes a line to standard error. */
  readonly warn: (line: string) => void
}

/** What a script does, and its exit code if it is not always 0. */
export type Main = (call: Call) => Promise<void> | Promise<number>

/** Calls a script and gives its exit code: a user's mistake is one line and 1, everything else throws. */
export async function callScript(main: Main, call: Call): Promise<number> {
  try {
    const code = await main(call)
    return typeof code === 'number' ? code : 0
  } catch (error) {
    if (!(error instanceof Error && ONE_SENTENCE.has(error.name))) throw error
    call.warn(error.message)
    return 1
  }
}

/**
 * Calls a script as this process, or prints how it is called if that is asked; with `module`, only if that
 * is the program, so that tests can import it. A reader that goes away, as in `npm start | head`, does not
 * stop it half-way.
 */
export async function runScript(main: Main, module?: ImportMeta): Promise<void> {
  const [, program = '', ...args] = process.argv
  if (module && nameOf(module) !== parse(program).name) return
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  if (args.includes('--help') || args.includes('-h')) return console.log(helpOf(program))
  const { env } = process
  const call = { args, cwd: process.cwd(), env, print: console.log, warn: console.error }
  const code = await callScript(main, call)
  if (code !== 0) process.exitCode = code
}
