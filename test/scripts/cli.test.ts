// What every script gets from scripts/lib/cli.ts, seen from outside.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommand } from 'chart-harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeArguments } from './fixtures/run-script.ts'

const root = join(import.meta.dirname, '../..')
const node = process.execPath
const imports = `
import { writeFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { fail, readArgs, runScript } from '${join(root, 'scripts/lib/cli.ts')}'
`

let parent: string
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'cli-test-'))
})
afterAll(() => rm(parent, { recursive: true }))

/** Writes a script with this main function; returns its path. */
async function writeScript(main: string): Promise<string> {
  const file = join(await mkdtemp(join(parent, 'case-')), 'script.mts')
  await writeFile(
    file,
    `// Usage: npm run pond [--fish N]\n${imports}await runScript(${main}, import.meta)\n`,
  )
  return file
}

test('a mistake of the user is one line and exit 1', async () => {
  const script = await writeScript(`async () => fail('pond: no fish. Add one.')`)
  const expected = { code: 1, stdout: '', stderr: 'pond: no fish. Add one.\n' }
  expect(await runCommand(node, [...nodeArguments, script])).toEqual(expected)
})

test('a wrong argument is answered with the usage', async () => {
  const script = await writeScript(`async ({ args }) => { readArgs(import.meta, args, {}) }`)
  const expected = "script: unknown option '--frog'. Usage: npm run pond [--fish N]\n"
  expect((await runCommand(node, [...nodeArguments, script, '--frog'])).stderr).toBe(expected)
})

test('an unexpected error keeps its stack', async () => {
  const script = await writeScript(`async () => { throw new RangeError('too many fish') }`)
  const { code, stderr } = await runCommand(node, [...nodeArguments, script])
  expect(code).toBe(1)
  expect(stderr).toMatch(/RangeError: too many fish\n\s+at .*script\.mts/)
})

test('a reader that goes away does not stop a script', async () => {
  const script = await writeScript(`async ({ args: [file], print }) => {
    for (let i = 0; i < 20; i++) { print('fish'); await setTimeout(10) }
    writeFileSync(file, 'done')
  }`)
  const marker = `${script}.done`
  await runCommand('bash', ['-c', '"$0" "$@" | true', node, ...nodeArguments, script, marker])
  expect(await readFile(marker, 'utf8')).toBe('done')
})

test('a script that another one imports waits until it is called', async () => {
  const pond = await writeScript(`async ({ print }) => print('fish')`)
  const lake = join(await mkdtemp(join(parent, 'case-')), 'lake.mts')
  await writeFile(
    lake,
    `import '${pond}'\n${imports}await runScript(async ({ print }) => {
    print('frogs')
    return 3
  })\n`,
  )
  const expected = { code: 3, stdout: 'frogs\n', stderr: '' }
  expect(await runCommand(node, [...nodeArguments, lake])).toEqual(expected)
})
