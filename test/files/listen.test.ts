// chart/files/listen.sh: which addresses web and streaming listen on.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { chart } from '../rules/project.ts'

const program = join(chart.path, 'files', 'listen.sh')
const folder = mkdtempSync(join(tmpdir(), 'listen-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A folder with a `cat` that shows this as the kernel's addresses of IPv6. */
function kernel(name: string, addresses: string): string {
  const bin = join(folder, name)
  mkdirSync(bin)
  writeFileSync(join(bin, 'cat'), `#!/bin/sh\n${addresses}\n`, { mode: 0o755 })
  return bin
}
const kernels = {
  speaks: kernel('speaks', 'echo 00000000000000000000000000000001 01 80 10 80 lo'),
  'has no address of': kernel('silent', ':'),
  'does not know': kernel('unaware', 'echo No such file >&2; exit 1'),
}

function listen(bin: string, BIND: string, ...command: readonly string[]) {
  const env = { PATH: `${bin}:${process.env.PATH}`, BIND }
  return spawnSync('sh', [program, ...command], { env, encoding: 'utf8' })
}

test.each<[keyof typeof kernels, string, string]>([
  ['speaks', '[::]', '[::]'],
  ['speaks', '::', '::'],
  ['has no address of', '[::]', '0.0.0.0'],
  ['has no address of', '::', '0.0.0.0'],
  ['does not know', '[::]', '0.0.0.0'],
  ['does not know', '::', '0.0.0.0'],
  ['does not know', '127.0.0.1', '127.0.0.1'],
  ['speaks', '0.0.0.0', '0.0.0.0'],
])('where the kernel %s IPv6, %s becomes %s', (name, bind, result) => {
  const { stdout, stderr } = listen(kernels[name], bind, 'sh', '-c', 'printf %s "$BIND"')
  expect({ stdout, stderr }).toEqual({ stdout: result, stderr: '' })
})

test('the program takes its place, with its arguments as they are', () => {
  const { stdout } = listen(kernels.speaks, '::', 'sh', '-c', 'echo $PPID "$@"', 'x', 'a b', '')
  expect(stdout).toBe(`${process.pid} a b \n`)
})
