// Ruby programs of chart/files, run by the Ruby of this machine.
import { test } from 'vitest'
import { $ } from 'zx'

const { exitCode } = await $({ nothrow: true, quiet: true })`ruby --version`

/** A test that needs Ruby: without it the test is skipped, or fails if CI is set. */
export const rubyTest = test.skipIf(exitCode !== 0 && !process.env.CI)

/** Runs a program; an exit code other than 0 is not an error. */
export function runRuby(program: string, env: Readonly<Record<string, string>>) {
  return $({ env: { ...process.env, ...env }, nothrow: true, quiet: true })`ruby -e ${program}`
}
