// What every script gets from scripts/lib/cli.ts, seen from outside.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from 'chart-harness'
import { expect, test } from 'vitest'
import { nodeArguments } from './fixtures/run-script.ts'

const root = join(import.meta.dirname, '../..')
const node = process.execPath
const imports = `
import { writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { fail, readArgs, runScript } from '${join(root, 'scripts/lib/cli.ts')}'
`

/** Writes a script whose main function has this body; returns its path. */
async function writeScript(body: string): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'cli-test-')), 'script.mts')
  await writeFile(file, `${imports}await runScript(async () => {${body}})\n`)
  return file
}

test('a mistake of the user is one line and exit 1', async () => {
  const script = await writeScript(`fail('pond: no fish. Add one.')`)
  const expected = { code: 1, stdout: '', stderr: 'pond: no fish. Add one.\n' }
  expect(await runCommand(node, [...nodeArguments, script])).toEqual(expected)
})

test('a wrong argument is told with the usage', async () => {
  const script = await writeScript(`readArgs('pond: npm run pond [--fish N]', { options: {} })`)
  const expected = "pond: unknown option '--frog'. Usage: npm run pond [--fish N]\n"
  expect((await runCommand(node, [...nodeArguments, script, '--frog'])).stderr).toBe(expected)
})

test('an unexpected error keeps its stack', async () => {
  const script = await writeScript(`throw new RangeError('too many fish')`)
  const { code, stderr } = await runCommand(node, [...nodeArguments, script])
  expect(code).toBe(1)
  expect(stderr).toMatch(/RangeError: too many fish\n\s+at .*script\.mts/)
})

test('a reader that goes away does not stop a script', async () => {
  const script = await writeScript(`
    for (let i = 0; i < 20; i++) { console.log('fish'); await setTimeout(10) }
    writeFileSync(process.argv[2] ?? '', 'done')`)
  const marker = `${script}.done`
  await runCommand('bash', ['-c', '"$0" "$@" | true', node, ...nodeArguments, script, marker])
  expect(await readFile(marker, 'utf8')).toBe('done')
})
