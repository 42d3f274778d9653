// The README's tutorial, done as it says: its files, its commands, and what they print.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandResult, runCommand } from '../src/tools/run-command.ts'
import { resolveTool } from '../src/tools/tools.ts'

const harness = join(import.meta.dirname, '..')
const modules = join(harness, '../../node_modules')
const tsc = join(modules, 'typescript/bin/tsc')
const readme = readFileSync(join(harness, 'README.md'), 'utf8')
const tutorial = readme.slice(0, readme.indexOf('\n# Reference\n'))
const files = [...tutorial.matchAll(/^`([\w./-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm)]
const outputs = [...tutorial.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, text = '']) =>
  text.trimEnd(),
)
const project = mkdtempSync(join(tmpdir(), 'tutorial-'))

beforeAll(async () => {
  for (const [, name = '', text = ''] of files) write(name, text)
  write('package.json', '{ "type": "module" }')
  const target = join(project, 'node_modules/chart-harness')
  const args = ['-p', join(harness, 'tsconfig.build.json'), '--outDir', join(target, 'dist')]
  const built = await runCommand(process.execPath, [tsc, ...args])
  expect([built.code, built.stdout]).toEqual([0, ''])
  cpSync(join(harness, 'package.json'), join(target, 'package.json'))
  const { dependencies } = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'))
  for (const name of [...Object.keys(dependencies), 'vitest', '@types/node']) link(name)
  mkdirSync(join(project, 'bin'))
  symlinkSync((await resolveTool('helm4')).path, join(project, 'bin/helm'))
}, 60_000)

afterAll(() => rmSync(project, { recursive: true, force: true }))

function write(name: string, text: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true })
  writeFileSync(join(project, name), text)
}

function link(name: string): void {
  const path = join(project, 'node_modules', name)
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(join(modules, name), path)
}

function node(args: readonly string[], more: Record<string, string> = {}): Promise<CommandResult> {
  const env = { PATH: join(project, 'bin'), HOME: project, NO_COLOR: '1', ...more }
  return runCommand(process.execPath, args, { cwd: project, env })
}

function vitest(file: string, more?: Record<string, string>): Promise<CommandResult> {
  return node(['node_modules/vitest/vitest.mjs', 'run', file], more)
}

const passing = files
  .map(([, name = '']) => name)
  .filter((name) => name.endsWith('.test.ts') && name !== 'failing.test.ts')

test('it has a chart of five files', () => {
  expect(files.filter(([, name]) => name?.startsWith('chart/'))).toHaveLength(5)
  expect(passing.length).toBeGreaterThan(5)
})

test.each(passing)(
  '%s passes',
  async (file) => {
    const { code, stdout, stderr } = await vitest(file)
    expect(code, stdout + stderr).toBe(0)
  },
  120_000,
)

test('the failing test fails as it says', async () => {
  const { code, stderr } = await vitest('failing.test.ts')
  expect(stderr).toContain(outputs[0])
  expect(stderr).toContain(outputs[1])
  expect(code).toBe(1)
}, 60_000)

test('a branch is missed, and then reached', async () => {
  const record = { CHART_HARNESS_RECORD: 'requests' }
  await vitest('greeting.test.ts', record)
  const before = await node(['coverage.js'])
  expect(before.stdout, before.stderr).toContain(outputs[2])
  expect(before.code).toBe(1)
  await vitest('loud.test.ts', record)
  const after = await node(['coverage.js'])
  expect(after.code, after.stdout + after.stderr).toBe(0)
}, 60_000)

test('its files are right by their types', async () => {
  const args = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--types',
    'node',
    '--target',
    'es2023',
  ]
  const sources = files.map(([, name = '']) => name).filter((name) => name.endsWith('.ts'))
  const { code, stdout } = await node([tsc, ...args, ...sources])
  expect([code, stdout]).toEqual([0, ''])
}, 60_000)
