// What `npm run cover:values` prints.
import type { CoveredKey, ValuesCoverage } from 'chart-harness'

const outcomes = ['changed', 'refused', 'dead', 'untried', 'broken'] as const

/** The numbers, then what is wrong; each key with its effect when it is asked for. */
export function formatCoverage(
  { keys, problems }: ValuesCoverage,
  seconds: number,
  isVerbose: boolean,
): string {
  const count = (outcome: string): number => keys.filter((key) => key.outcome === outcome).length
  const counts = outcomes.map((outcome) => `${count(outcome)} ${outcome}`).join(', ')
  const excepted = keys.filter(({ exception }) => exception !== undefined)
  return [
    ...(isVerbose ? keys.map(describeKey) : []),
    ...excepted.map(({ name, exception }) => `${name}: ${exception}`),
    ...problems,
    `${keys.length} keys in ${seconds.toFixed(1)} s: ${counts}`,
  ].join('\n')
}

function describeKey({ name, outcome, context, value, change, message }: CoveredKey): string {
  const told = change ?? message?.replaceAll('\n', ' ') ?? ''
  return `${name} = ${JSON.stringify(value)?.slice(0, 60)}: ${outcome} under ${context}: ${told}`
}
