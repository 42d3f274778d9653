// What the release script refuses before it looks at a target: one sentence, exit 1.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createProject, type Project } from './fixtures/release/project.ts'

const usage =
  'Usage: npm run release -- VERSION [--to oci://HOST/FOLDER] [--http DIR [--url URL]] [--plain-http] [--dry-run]'
const nowhere = 'oci://127.0.0.1:1/charts'

const version = (text: string): string =>
  `release: "${text}" is not a version that can be released. Write three numbers and, if need be, a pre-release, e.g. 1.4.0 or 1.4.0-rc.1.`

let parent: string
let project: Project

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'release-refusals-'))
  project = await createProject(parent)
})

afterAll(async () => {
  await rm(parent, { recursive: true, force: true })
})

describe('arguments', () => {
  test.each([
    [[], `release: give one version. ${usage}`],
    [['0.1.0', '0.2.0'], `release: give one version. ${usage}`],
    [['0.1.0', '--force'], `release-chart: unknown option '--force'. ${usage}`],
    [['0.1', '--to', nowhere], version('0.1')],
    [['v0.1.0', '--to', nowhere], version('v0.1.0')],
    [['0.1.0+build', '--to', nowhere], version('0.1.0+build')],
    [
      ['0.1.0'],
      'release: nowhere to publish to. Give --to oci://HOST/FOLDER, or --http DIR, or both.',
    ],
    [
      ['0.1.0', '--to', nowhere, '--url', 'https://example.org'],
      'release: --url needs --http DIR, the folder it serves.',
    ],
    [
      ['0.1.0', '--http', '.', '--url', 'example.org'],
      'release: --url example.org: not a web address. Write https://HOST/FOLDER.',
    ],
    [
      ['0.1.0', '--to', 'ghcr.io/me/charts'],
      'release: --to ghcr.io/me/charts: not a registry folder. Write oci://HOST/FOLDER, in small letters and without a tag.',
    ],
    [
      ['0.1.0', '--to', 'oci://ghcr.io/me/charts:0.1.0'],
      'release: --to oci://ghcr.io/me/charts:0.1.0: not a registry folder. Write oci://HOST/FOLDER, in small letters and without a tag.',
    ],
  ])('%j', async (args, message) => {
    expect(await project.refuse(...args)).toBe(message)
  })
})

test('a refusal is one line and exit 1', async () => {
  expect(await project.runScript('0.1', '--to', nowhere)).toEqual({
    code: 1,
    stdout: '',
    stderr: `${version('0.1')}\n`,
  })
})

describe('the repository', () => {
  test.each([
    ['9.9.9', 'no section for 9.9.9. Put its entries under "## [9.9.9] - YYYY-MM-DD".'],
    ['0.1.1', 'no entries for 0.1.1. Add a "- " line for each change that users notice.'],
    ['0.1.2', 'no date for 0.1.2. Write "## [0.1.2] - YYYY-MM-DD".'],
  ])('a changelog that is not ready for %s', async (version, message) => {
    expect(await project.refuse(version, '--to', nowhere)).toBe(
      `release: CHANGELOG.md has ${message}`,
    )
  })

  test.each<[string, boolean, Record<string, string>, string]>([
    [
      'changes that are not committed',
      false,
      { 'chart/values.yaml': 'fish: 5\n', 'draft.md': 'x\n' },
      'not everything is committed (chart/values.yaml, draft.md). Commit or remove it, because a release is made from a commit.',
    ],
    [
      'many such changes, which are counted',
      false,
      { 'a.md': 'x', 'b.md': 'x', 'c.md': 'x', 'd.md': 'x', 'e.md': 'x' },
      'not everything is committed (a.md, b.md, c.md, and 2 more). Commit or remove it, because a release is made from a commit.',
    ],
    [
      'a chart that Helm cannot package',
      true,
      { 'chart/Chart.yaml': 'apiVersion: v2\nversion: 0.0.0\n' },
      'Helm cannot package the chart: validation: chart.metadata.name is required',
    ],
    [
      'an example that does not render',
      true,
      { 'values-examples/full.yaml': 'fish: null\n' },
      'the examples do not pass. Correct what "npm start" prints above, then try again.',
    ],
  ])('%s', async (_, commit, files, message) => {
    const changed = await createProject(parent)
    await changed.write(files, commit)
    expect(await changed.refuse('0.1.0', '--http', changed.site)).toBe(`release: ${message}`)
    expect(await readdir(changed.site)).toEqual([])
  })

  test('a folder without git', async () => {
    const bare = await createProject(parent)
    await rm(join(bare.dir, '.git'), { recursive: true })
    expect(await bare.refuse('0.1.0', '--to', nowhere)).toBe(
      `release: ${bare.dir} is not a git repository. Run this in a clone of the chart's repository.`,
    )
  })
})
