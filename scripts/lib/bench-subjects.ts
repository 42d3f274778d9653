// Runs programs in turn and measures their time.
import { runCommand } from 'chart-harness'
import { fail } from './cli.ts'

/** A program whose runs are timed. */
export interface Subject {
  readonly name: string
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** Prepares what the run needs, outside the measured time. */
  readonly prepare?: () => void
}

/** What a run costs, in milliseconds: the median, the best, and the time of all cores, child processes included. */
export interface Cost {
  readonly wall: number
  readonly best: number
  readonly cpu: number
}

type Run = Pick<Cost, 'wall' | 'cpu'>

/** Interleaved, so that a busy moment of the machine affects all alike; the first round only warms up. */
export async function measure(subjects: readonly Subject[], rounds: number): Promise<Cost[]> {
  const runs = subjects.map((): Run[] => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, subject] of subjects.entries()) {
      const run = await runOnce(subject)
      if (round > 0) runs[index]?.push(run)
    }
  }
  return runs.map((all) => {
    const walls = all.map(({ wall }) => wall)
    const cpu = median(all.map((run) => run.cpu))
    return { wall: median(walls), best: Math.min(...walls), cpu }
  })
}

async function runOnce({ name, program, args, env, prepare }: Subject): Promise<Run> {
  prepare?.()
  const timed = 'TIMEFORMAT="%U %S"; { time "$@" >&3 2>&3; } 3>&1'
  const start = performance.now()
  const run = await runCommand('bash', ['-c', timed, 'bench', program, ...args], { env })
  const wall = performance.now() - start
  if (run.code !== 0) fail(`bench-renders: ${name} fails:\n${run.stdout.slice(-2000)}`)
  const [user = 0, system = 0] = run.stderr.trim().split(' ').map(Number)
  return { wall, cpu: (user + system) * 1000 }
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
