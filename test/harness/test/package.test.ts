// The package as a stranger gets it, packed and unpacked into another project, and the README's tutorial done there as it
// says: its files, its commands, and what they print.
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandResult, runCommand } from '../src/tools/run-command.ts'
import { resolveTool } from '../src/tools/tools.ts'
import { temporaryFolder } from './support.ts'

const harness = join(import.meta.dirname, '..')
const root = join(harness, '../..')
const readme = readFileSync(join(harness, 'README.md'), 'utf8')
const tutorial = readme.slice(0, readme.indexOf('\n# Reference\n'))
const files = [...tutorial.matchAll(/^`([\w./-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm)].map(
  ([, name = '', text = '']) => [name, text] as const,
)
const outputs = [...tutorial.matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(([, text = '']) =>
  text.trimEnd(),
)
const passing = files
  .map(([name]) => name)
  .filter((name) => name.endsWith('.test.ts') && name !== 'failing.test.ts')

const project = temporaryFolder(afterAll)
const modules = join(project, 'node_modules')
const home = join(modules, 'chart-harness')

beforeAll(async () => {
  for (const [name, text] of files) write(name, text)
  write('package.json', '{ "type": "module" }')
  const pack = ['pack', '-w', 'chart-harness', '--pack-destination', project]
  const packed = await runCommand('npm', pack, { cwd: root, env: process.env })
  expect(packed.code, packed.stderr).toBe(0)
  const [archive = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'))
  mkdirSync(home, { recursive: true })
  await runCommand('tar', ['xzf', join(project, archive), '--strip-components=1', '-C', home])
  const { dependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  for (const name of [...Object.keys(dependencies), 'vitest', 'typescript', '@types/node'])
    link(name)
  for (const major of [3, 4] as const) {
    mkdirSync(join(project, `bin${major}`))
    symlinkSync((await resolveTool(`helm${major}`)).path, join(project, `bin${major}`, 'helm'))
  }
}, 120_000)

function write(name: string, text: string): void {
  mkdirSync(dirname(join(project, name)), { recursive: true })
  writeFileSync(join(project, name), text)
}

function link(name: string): void {
  mkdirSync(dirname(join(modules, name)), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), join(modules, name))
}

// With a folder of the project as PATH, and nothing else of our environment.
function node(args: readonly string[], { bin = 'bin4', ...more } = {}): Promise<CommandResult> {
  const env = { PATH: join(project, bin), HOME: project, NO_COLOR: '1', ...more }
  return runCommand(process.execPath, args, { cwd: project, env })
}

function vitest(
  file: string,
  more: { bin?: string; CHART_HARNESS_RECORD?: string } = {},
): Promise<CommandResult> {
  return node(['node_modules/vitest/vitest.mjs', 'run', file], more)
}

test('the package is public, and has everything that it exports', () => {
  const manifest = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const exported = Object.values<string | Record<string, string>>(manifest.exports).flatMap(
    (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry)),
  )
  expect(manifest.private).toBeUndefined()
  expect(exported.length).toBeGreaterThan(4)
  for (const file of exported) expect(readFileSync(join(home, file), 'utf8')).not.toBe('')
  expect(readdirSync(home).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
})

test('the tutorial has a chart of five files', () => {
  expect(files.filter(([name]) => name.startsWith('chart/'))).toHaveLength(5)
  expect(passing.length).toBeGreaterThan(5)
})

test.each([...passing.map((file) => [file, 'bin4']), ['look-ups.test.ts', 'bin3']])(
  '%s passes with the Helm of %s',
  async (file, bin) => {
    const { code, stdout, stderr } = await vitest(file, { bin })
    expect(code, stdout + stderr).toBe(0)
  },
)

test('the failing test fails as the tutorial says', async () => {
  const { code, stderr } = await vitest('failing.test.ts')
  expect(stderr).toContain(outputs[0])
  expect(stderr).toContain(outputs[1])
  expect(code).toBe(1)
})

test('without Helm a test says what to install', async () => {
  const { code, stderr } = await vitest('greeting.test.ts', { bin: 'bin-none' })
  expect(stderr).toContain(
    'ToolError: there is no helm >=4.0.0 <5.0.0 or >=3.17.0 <4.0.0 on PATH. Install one or set HELM_BIN to it.',
  )
  expect(code).toBe(1)
})

test('a branch is missed, and then reached', async () => {
  const record = { CHART_HARNESS_RECORD: 'requests' }
  await vitest('greeting.test.ts', record)
  const before = await node(['coverage.js'])
  expect(before.stdout, before.stderr).toContain(outputs[2])
  expect(before.code).toBe(1)
  await vitest('loud.test.ts', record)
  const after = await node(['coverage.js'])
  expect(after.code, after.stdout + after.stderr).toBe(0)
})

test('the types are right, down to the declarations', async () => {
  const options = '--noEmit --strict --module nodenext --target es2023 --types node'.split(' ')
  const sources = files.map(([name]) => name).filter((name) => name.endsWith('.ts'))
  const { code, stdout } = await node(['node_modules/typescript/bin/tsc', ...options, ...sources])
  expect([code, stdout]).toEqual([0, ''])
})

test('a script needs no vitest', async () => {
  rmSync(join(modules, 'vitest'))
  const script = `const { createChart } = await import('chart-harness')
    console.log((await createChart({ path: 'chart' }).render()).objects.length)`
  const { stdout, stderr } = await node(['--input-type=module', '-e', script])
  link('vitest')
  expect([stdout, stderr]).toEqual(['2\n', ''])
})
