// What Renovate is told to bump: its patterns find every place of a version, and nothing else.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appVersion, pins } from '../rules/pins.ts'
import { root } from '../rules/project.ts'

interface Manager {
  readonly managerFilePatterns: readonly string[]
  readonly matchStrings: readonly string[]
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { customManagers } = JSON.parse(read('.github/renovate.json')) as {
  readonly customManagers: readonly Manager[]
}

/** The versions that Renovate finds in a file. */
function found(path: string): string[] {
  const managers = customManagers.filter(({ managerFilePatterns }) =>
    managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path)),
  )
  const patterns = managers.flatMap(({ matchStrings }) => matchStrings)
  return patterns.flatMap((pattern) =>
    [...read(path).matchAll(new RegExp(pattern, 'g'))].map(
      ({ groups }) => groups?.currentValue ?? '',
    ),
  )
}

const databases = pins.map(({ tag }) => tag).filter((tag) => tag !== `v${appVersion}`)

test('in Chart.yaml that of Mastodon', () => {
  expect(found('chart/Chart.yaml')).toEqual([appVersion])
})

test('in values.yaml every version of Mastodon, which is that of the chart, and the tags of the databases', () => {
  const written = [...read('chart/values.yaml').matchAll(/\bv(\d+\.\d+\.\d+)\b/g)].map(
    ([, text]) => text,
  )
  expect(new Set(written)).toEqual(new Set([appVersion]))
  expect(found('chart/values.yaml')).toEqual([...written, ...databases])
})

test('in the reference the tags of the databases', () => {
  expect(found('docs/values.md')).toEqual(databases)
})

test("no example has a version of its own, but of images that are not the chart's", () => {
  const files = readdirSync(join(root, 'values-examples'))
  const lines = files.flatMap(
    (file) => read(`values-examples/${file}`).match(/^.*(\btag:|\bv\d+\.\d+\.\d+).*$/gm) ?? [],
  )
  expect(lines.filter((line) => !/registry\.example\.com|tag: nightly\./.test(line))).toEqual([])
})

test('actions are pinned by commit, with the version that Renovate reads', () => {
  const files = readdirSync(join(root, '.github/workflows'))
  const lines = files.flatMap(
    (file) => read(`.github/workflows/${file}`).match(/^.*uses:.*$/gm) ?? [],
  )
  expect(lines.length).toBeGreaterThan(10)
  expect(
    lines.filter((line) => !/uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
  ).toEqual([])
})

test('npm packages are pinned', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as {
    readonly devDependencies: Readonly<Record<string, string>>
  }
  const loose = Object.entries(devDependencies).filter(
    ([, version]) => !/^(npm:.*@)?\d[\w.-]*$/.test(version),
  )
  expect(loose).toEqual([])
})
