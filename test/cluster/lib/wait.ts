import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Repeats `check`, once a second, until it returns neither undefined nor false, and returns that. An error
 * counts as "not yet"; when the time is over, the message gives the last one as the reason.
 */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  seconds = 120,
): Promise<T> {
  const end = Date.now() + seconds * 1000
  let reason = ''
  while (Date.now() < end) {
    try {
      const found = await check()
      if (found !== undefined && found !== false) return found
      reason = ''
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
    await sleep(1000)
  }
  throw new Error(`${what}: not within ${seconds} s.${reason === '' ? '' : ` Last: ${reason}`}`)
}
