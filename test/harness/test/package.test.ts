// The package as a stranger gets it: packed, unpacked into another project, with what it declares and no more.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandResult, runCommand } from '../src/tools/run-command.ts'
import { resolveTool } from '../src/tools/tools.ts'
import { fixture } from './support.ts'

const root = join(import.meta.dirname, '../../..')
const project = mkdtempSync(join(tmpdir(), 'foreign-project-'))
const modules = join(project, 'node_modules')
const home = join(modules, 'chart-harness')

interface Manifest {
  readonly private?: boolean
  readonly dependencies: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>
}

const manifest = (): Manifest =>
  JSON.parse(readFileSync(join(home, 'package.json'), 'utf8')) as Manifest

beforeAll(async () => {
  const packed = await runCommand(
    'npm',
    ['pack', '-w', 'chart-harness', '--pack-destination', project],
    { cwd: root, env: process.env },
  )
  expect(packed.code, packed.stderr).toBe(0)
  const [archive = ''] = readdirSync(project).filter((name) => name.endsWith('.tgz'))
  mkdirSync(home, { recursive: true })
  await runCommand('tar', ['xzf', join(project, archive), '--strip-components=1', '-C', home])
  cpSync(fixture('foreign-project'), project, { recursive: true })
  cpSync(fixture('charts/bookshop'), join(project, 'chart'), { recursive: true })
  for (const name of Object.keys(manifest().dependencies)) link(name)
  for (const name of ['vitest', 'typescript', '@types/node']) link(name)
  for (const major of [3, 4] as const) {
    mkdirSync(join(project, `bin${major}`))
    symlinkSync((await resolveTool(`helm${major}`)).path, join(project, `bin${major}`, 'helm'))
  }
  mkdirSync(join(project, 'bin-none'))
}, 120_000)

afterAll(() => rmSync(project, { recursive: true, force: true }))

function link(name: string): void {
  mkdirSync(dirname(join(modules, name)), { recursive: true })
  symlinkSync(join(root, 'node_modules', name), join(modules, name))
}

// With this folder as PATH, and nothing else of our environment.
function node(bin: string, ...args: readonly string[]): Promise<CommandResult> {
  const env = { PATH: join(project, bin), HOME: project, NO_COLOR: '1' }
  return runCommand(process.execPath, args, { cwd: project, env })
}

function vitest(bin: string, file: string): Promise<CommandResult> {
  return node(bin, 'node_modules/vitest/vitest.mjs', 'run', file)
}

test('the package is public, and has everything that it exports', () => {
  const { private: isPrivate, exports } = manifest()
  const files = Object.values(exports).flatMap((entry) =>
    typeof entry === 'string' ? [entry] : Object.values(entry),
  )
  expect(isPrivate).toBeUndefined()
  expect(files.length).toBeGreaterThan(4)
  for (const file of files) expect(readFileSync(join(home, file), 'utf8')).not.toBe('')
  expect(readdirSync(home).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json'])
})

test.each(['bin3', 'bin4'])(
  'tests of a foreign chart pass with the Helm of %s',
  async (bin) => {
    const { code, stdout, stderr } = await vitest(bin, 'shop.test.ts')
    expect(stdout + stderr).toMatch(/Tests\s+2 passed/)
    expect(code).toBe(0)
  },
  60_000,
)

test('a failing test says what was not there', async () => {
  const { code, stderr } = await vitest('bin4', 'broken.test.ts')
  expect(stderr).toContain('LookupError: Ingress/shop-bookshop was not rendered. Nearest: ')
  expect(code).toBe(1)
}, 60_000)

test('without Helm it says what to install', async () => {
  const { code, stderr } = await vitest('bin-none', 'shop.test.ts')
  expect(stderr).toContain(
    'ToolError: there is no helm >=4.0.0 <5.0.0 or >=3.17.0 <4.0.0 on PATH. Install one or set HELM_BIN to it.',
  )
  expect(code).toBe(1)
}, 60_000)

test('the types are right for a foreign project, down to the declarations', async () => {
  const { code, stdout } = await node('bin4', 'node_modules/typescript/bin/tsc', '-p', '.')
  expect([code, stdout]).toEqual([0, ''])
}, 60_000)

test('a script needs no vitest', async () => {
  rmSync(join(modules, 'vitest'))
  const script = `const { createChart } = await import('chart-harness')
    const render = await createChart({ path: 'chart' }).render({ values: { payment: { apiKey: 'x' } } })
    console.log(render.objects.length)`
  const { stdout, stderr } = await node('bin4', '--input-type=module', '-e', script)
  link('vitest')
  expect([stdout, stderr]).toEqual(['4\n', ''])
})
