// What every script shares: arguments, and errors that are one sentence instead of a stack.
import { type ParseArgsConfig, parseArgs } from 'node:util'

class UserError extends Error {
  override name = 'UserError'
}

const ONE_SENTENCE = new Set(['UserError', 'ToolError'])

/** Stops the script with one sentence: what is wrong, where, and what to do. */
export function fail(message: string): never {
  throw new UserError(message)
}

/** Reads the command line as `parseArgs` does; `usage` begins with the script's name, a colon. */
export function readArgs<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    if (!(error instanceof TypeError && 'code' in error)) throw error
    const [name = 'script', form = ''] = usage.split(/: (.*)/s)
    const [reason = ''] = error.message.split(/[.\n]/)
    fail(`${name}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}. Usage: ${form}`)
  }
}

/**
 * Runs a script: a mistake of its user is one line and exit 1, all else keeps its stack. A reader
 * that goes away, as in `npm start | head`, does not stop it half-way.
 */
export async function runScript(main: () => Promise<void>): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  try {
    await main()
  } catch (error) {
    if (!(error instanceof Error && ONE_SENTENCE.has(error.name))) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
