// Usage: npm run cover:values -- [--only web.] [--verbose] [--taint]
// Changes every key of the values schema under values that enable its feature. A key that changes nothing, and that no
// rule refuses, is dead: that fails, unless `exceptions` below says why it may be. --verbose lists the effect of each key.
// --taint puts text that YAML reads as something else into every key that takes text: it must be rendered unchanged.
import {
  type CoveredKey,
  measureValuesCoverage,
  type TaintOptions,
  taintValues,
  type ValuesCoverage,
} from 'chart-harness'
import { profiles } from '../test/rules/profiles.ts'
import { chart } from '../test/rules/project.ts'
import { readArgs, runScript } from './lib/cli.ts'
import { suggestions } from './lib/fuzz-suggestions.ts'

// By the key's name. A reason that is no longer needed fails.
const exceptions: Readonly<Record<string, string>> = {
  global: 'Helm passes it to every dependency; our chart reads nothing from it.',
}

const outcomes = ['changed', 'refused', 'dead', 'untried', 'broken'] as const

await runScript(async ({ args, print, warn }) => {
  const { values } = readArgs(import.meta, args, {
    options: {
      only: { type: 'string', default: '' },
      verbose: { type: 'boolean', default: false },
      taint: { type: 'boolean', default: false },
    },
  })
  const started = performance.now()
  const options: TaintOptions = {
    ...{ profiles, suggestions, tell: warn, request: { release: 'mastodon' } },
    only: (name) => name.startsWith(values.only),
  }
  if (values.taint) {
    const { keys, renders, visible, problems } = await taintValues(chart, options)
    const numbers = `${keys} keys with text, ${visible} seen in the output as they are, ${renders} renders`
    print([...problems, `${numbers}: ${problems.length} problems`].join('\n'))
    return problems.length > 0 ? 1 : 0
  }
  const coverage = await measureValuesCoverage(chart, { ...options, exceptions })
  const seconds = (performance.now() - started) / 1000
  print(
    [...(values.verbose ? coverage.keys.map(describeKey) : []), ...summary(coverage, seconds)].join(
      '\n',
    ),
  )
  return coverage.problems.length > 0 ? 1 : 0
})

/** The exceptions, the problems and the numbers. */
function summary({ keys, problems }: ValuesCoverage, seconds: number): string[] {
  const count = (outcome: string): number => keys.filter((key) => key.outcome === outcome).length
  const counts = outcomes.map((outcome) => `${count(outcome)} ${outcome}`).join(', ')
  const excepted = keys.filter(({ exception }) => exception !== undefined)
  return [
    ...excepted.map(({ name, exception }) => `${name}: ${exception}`),
    ...problems,
    `${keys.length} keys in ${seconds.toFixed(1)} s: ${counts}`,
  ]
}

function describeKey({ name, outcome, context, value, change, message }: CoveredKey): string {
  const said = change ?? message?.replaceAll('\n', ' ') ?? ''
  return `${name} = ${JSON.stringify(value)?.slice(0, 60)}: ${outcome} under ${context}: ${said}`
}
