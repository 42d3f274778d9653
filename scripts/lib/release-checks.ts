// What must be true before a release: the version, the working tree, the changelog, the examples.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import semver from 'semver'
import { $ } from 'zx'
import { type Call, fail } from './cli.ts'

const SHOWN_FILES = 3

/** What is wrong with a version, in one sentence; undefined when it is fine. */
export function versionProblem(version: string): string | undefined {
  if (semver.valid(version) === version) return undefined
  return `"${version}" is not a version that can be released. Write three numbers and, if need be, a pre-release, e.g. 1.4.0 or 1.4.0-rc.1.`
}

/** What the changelog lacks for this version, in one sentence; undefined when nothing. */
function changelogProblem(text: string, version: string): string | undefined {
  const [, ...sections] = text.split(/^## /m)
  const section = sections.find((body) => body.startsWith(`[${version}]`))
  if (section === undefined) {
    return `CHANGELOG.md has no section for ${version}. Put its entries under "## [${version}] - YYYY-MM-DD".`
  }
  const [heading = '', ...lines] = section.split('\n')
  if (!/^\[\S+\] - \d{4}-\d{2}-\d{2}\s*$/.test(heading)) {
    return `CHANGELOG.md has no date for ${version}. Write "## [${version}] - YYYY-MM-DD".`
  }
  if (!lines.some((line) => /^\s*[-*] \S/.test(line))) {
    return `CHANGELOG.md has no entries for ${version}. Add a "- " line for each change that users notice.`
  }
  return undefined
}

/** The sentence about files that are not committed; undefined when there are none. */
export function treeProblem(status: string): string | undefined {
  const files = status.split('\n').flatMap((line) => (line ? [line.slice(3)] : []))
  if (files.length === 0) return undefined
  const shown = files.slice(0, SHOWN_FILES).join(', ')
  const more = files.length > SHOWN_FILES ? `, and ${files.length - SHOWN_FILES} more` : ''
  return `not everything is committed (${shown}${more}). Commit or remove it, because a release is made from a commit.`
}

/** Fails unless everything in the repository is committed. */
export async function checkTree(root: string): Promise<void> {
  const status = await $({ cwd: root, nothrow: true, quiet: true })`git status --porcelain`
  if (status.exitCode === 127) fail('release: git is not installed. Install it, then try again.')
  if (status.stderr.includes('not a git repository')) {
    fail(`release: ${root} is not a git repository. Run this in a clone of the chart's repository.`)
  }
  if (status.exitCode !== 0) throw status
  const problem = treeProblem(status.stdout)
  if (problem) fail(`release: ${problem}`)
}

/** Fails unless CHANGELOG.md says what this version brings. */
export async function checkChangelog(root: string, version: string): Promise<void> {
  const file = join(root, 'CHANGELOG.md')
  const problem = changelogProblem(existsSync(file) ? await readFile(file, 'utf8') : '', version)
  if (problem) fail(`release: ${problem}`)
}

/** Runs `npm start`, which renders and checks every example, and fails when it does. */
export async function checkExamples({ cwd, env }: Pick<Call, 'cwd' | 'env'>): Promise<void> {
  const run = await $({ cwd, env, nothrow: true, stdio: ['ignore', 2, 2] })`npm start --silent`
  if (run.exitCode !== 0) {
    fail(
      'release: the examples do not pass. Correct what "npm start" prints above, then try again.',
    )
  }
}
