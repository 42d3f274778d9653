// What every script gets from scripts/lib/cli.ts, seen from outside.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CommandResult, runCommand } from 'chart-harness'
import { expect, test } from 'vitest'
import { nodeArguments } from './fixtures/run-script.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const imports = `
import { writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { fail, readArgs, runScript } from '${join(import.meta.dirname, '../../scripts/lib/cli.ts')}'
`
const scratch = scratchFolder()

/** Writes a script with this main function; returns its path. */
function writeScript(main: string, module = ', import.meta'): string {
  const file = join(mkdtempSync(join(scratch, 'case-')), 'script.mts')
  const usage = '// Usage: npm run pond [--fish N]'
  writeFileSync(file, `${usage}\n${imports}await runScript(${main}${module})\n`)
  return file
}

const run = (script: string, ...args: string[]): Promise<CommandResult> =>
  runCommand(process.execPath, [...nodeArguments, script, ...args])

test('a mistake on the command line is one line and exit 1', async () => {
  const script = writeScript(`async () => fail('pond: no fish. Add one.')`)
  const expected = { code: 1, stdout: '', stderr: 'pond: no fish. Add one.\n' }
  expect(await run(script)).toEqual(expected)
})

test('a wrong argument is answered with the usage', async () => {
  const script = writeScript(`async ({ args }) => { readArgs(import.meta, args, {}) }`)
  const expected = "script: unknown option '--frog'. Usage: npm run pond [--fish N]\n"
  expect((await run(script, '--frog')).stderr).toBe(expected)
})

test('an unexpected error keeps its stack', async () => {
  const script = writeScript(`async () => { throw new RangeError('too many fish') }`)
  const { code, stderr } = await run(script)
  expect(code).toBe(1)
  expect(stderr).toMatch(/RangeError: too many fish\n\s+at .*script\.mts/)
})

test('a reader that goes away does not stop a script', async () => {
  const script = writeScript(`async ({ args: [file], print }) => {
    for (let i = 0; i < 20; i++) { print('fish'); await setTimeout(10) }
    writeFileSync(file, 'done')
  }`)
  const marker = `${script}.done`
  const command = [process.execPath, ...nodeArguments, script, marker]
  await runCommand('bash', ['-c', '"$0" "$@" | true', ...command])
  expect(readFileSync(marker, 'utf8')).toBe('done')
})

test('a script that another one imports waits until it is called', async () => {
  const pond = writeScript(`async ({ print }) => print('fish')`)
  const lake = writeScript("async ({ print }) => { print('frogs'); return 3 }", '')
  writeFileSync(`${lake}.lake.mts`, `import '${pond}'\n${readFileSync(lake, 'utf8')}`)
  const expected = { code: 3, stdout: 'frogs\n', stderr: '' }
  expect(await run(`${lake}.lake.mts`)).toEqual(expected)
})
