// A wrong command line is answered with one sentence.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseYaml } from 'chart-harness'
import { expect, test } from 'vitest'
import type { Main } from '../../scripts/lib/cli.ts'
import { minors } from '../rules/project.ts'
import { callHere } from './fixtures/run-script.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const text = readFileSync(join(import.meta.dirname, 'fixtures/command-lines.yaml'), 'utf8')
const scripts = parseYaml(text) as Readonly<Record<string, Readonly<Record<string, string>>>>
const lines = Object.entries(scripts).flatMap(([script, answers]) =>
  Object.entries(answers).map(([line, answer]) => [script, line, answer] as const),
)
const cwd = scratchFolder()

test.each(lines)('%s %s', async (script, line, answer) => {
  const { main } = (await import(`../../scripts/${script}.ts`)) as { readonly main: Main }
  const { code, stdout, stderr } = await callHere(main, line.split(' ').filter(Boolean), { cwd })
  const said = stderr.replace(/(?<=Usage: npm (start|run \S+) ).*/, '…')
  const expected = answer.replace('OLDEST', `${minors.at(0)}`).replace('NEWEST', `${minors.at(-1)}`)
  expect({ code, stdout, said }).toEqual({ code: 1, stdout: '', said: `${expected}\n` })
})
