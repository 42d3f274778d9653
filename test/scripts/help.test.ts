// Every npm command says how it is called, and does nothing else.
import { readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type CommandResult, runCommand } from 'chart-harness'
import { expect, test } from 'vitest'
import { root } from '../rules/project.ts'

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: Record<string, string> }

const ours = new Map(
  Object.values(scripts).flatMap((line) => {
    const [, file] = /^tsx (scripts\/\S+\.ts)/.exec(line) ?? []
    return file === undefined ? [] : [[file, line] as const]
  }),
)
const others = Object.values(scripts).filter((line) => !line.startsWith('tsx '))

/** Runs a line of package.json as npm does. */
function run(line: string): Promise<CommandResult> {
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  return runCommand('sh', ['-c', line], { cwd: root, env: { ...process.env, PATH: path } })
}

test('every script is an npm command', () => {
  const files = readdirSync(join(root, 'scripts')).filter((file) => file.endsWith('.ts'))
  expect([...ours.keys()].sort()).toEqual(files.map((file) => `scripts/${file}`).sort())
})

test.concurrent.for([...ours])(
  '%s --help prints its first comment',
  async ([file, line], context) => {
    const { code, stdout, stderr } = await run(`${line} --frog --help`)
    const lines = read(file).split('\n')
    const comment = lines.slice(
      0,
      lines.findIndex((text) => !text.startsWith('//')),
    )
    context.expect([code, stderr]).toEqual([0, ''])
    context.expect(stdout).toMatch(/^Usage: npm (start|run )/)
    context.expect(stdout).toBe(comment.map((text) => `${text.slice(3)}\n`).join(''))
  },
)

test('so does -h', async () => {
  expect((await run('tsx scripts/clean-cache.ts -h')).stdout).toMatch(/^Usage: npm run clean\n/)
})

test.concurrent.for(others)('%s --help is answered by the program', async (line, context) => {
  const { code, stdout } = await run(`${line} --help`)
  context.expect(code).toBe(0)
  context.expect(stdout).toMatch(/usage|options/i)
})
