// Facts about two renders of the same values.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Chart, createChart, diffRenders, type Problem, type Render } from 'chart-harness'

/** The names of the comparisons, as tables show them. */
export const comparisons = [
  'same-bytes',
  'helm-3-equals-helm-4',
  'version-restarts-nothing',
] as const

/** Rendered twice gives the same bytes. */
export function checkSameBytes(first: Render, second: Render): Problem[] {
  if (first.text === second.text) return []
  const [before, after] = [first.text.split('\n'), second.text.split('\n')]
  const line = before.findIndex((text, index) => text !== after[index])
  const shown = isInSecret(before, line)
    ? 'inside a Secret'
    : `"${before[line] ?? ''}", then "${after[line] ?? ''}"`
  const message = `rendering twice gives two texts; they first differ in line ${line + 1}: ${shown}.`
  return [{ rule: 'same-bytes', object: 'all objects', message }]
}

function isInSecret(lines: readonly string[], line: number): boolean {
  const start = lines.slice(0, line).lastIndexOf('---')
  const end = lines.indexOf('---', line)
  return lines.slice(start + 1, end < 0 ? undefined : end).includes('kind: Secret')
}

/** Helm 3 and Helm 4 make the same objects. */
export function checkSameObjects(helm3: Render, helm4: Render): Problem[] {
  const { added, changed, removed } = diffRenders(helm3, helm4)
  const say = (object: string, message: string, path?: string): Problem => ({
    rule: 'helm-3-equals-helm-4',
    object,
    ...(path === undefined ? {} : { path }),
    message,
  })
  return [
    ...added.map((object) => say(object, 'only Helm 4 renders it.')),
    ...removed.map((object) => say(object, 'only Helm 3 renders it.')),
    ...changed.flatMap(({ object, changes }) =>
      changes.map(({ path, before, after }) =>
        say(object, differenceOf(object, before, after), path),
      ),
    ),
  ]
}

/** A new version of the chart alone restarts no pod, runs no Job again and is not refused. */
export function checkNothingRestarts(before: Render, after: Render): Problem[] {
  const { added, removed, restarts, refused } = diffRenders(before, after)
  const rule = 'version-restarts-nothing'
  const because = 'when only the version of the chart changes.'
  return [
    ...added.map((object) => ({ rule, object, message: `appears ${because}` })),
    ...removed.map((object) => ({ rule, object, message: `disappears ${because}` })),
    ...restarts.map((object) => ({ rule, object, message: `restarts ${because}` })),
    ...refused.map(({ object, path, message }) => ({
      rule,
      object,
      path,
      message: `${message} ${because}`,
    })),
  ]
}

function differenceOf(object: string, before: unknown, after: unknown): string {
  if (object.startsWith('Secret/')) return 'differs between Helm 3 and Helm 4.'
  return `is ${show(before)} with Helm 3 and ${show(after)} with Helm 4.`
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? 'absent').slice(0, 60)
}

/** The chart beside itself: without render cache, and with another version. */
export interface Twins {
  /** The same chart; every render runs Helm. */
  readonly again: Chart
  /** The same chart with the next version. */
  readonly bumped: Chart
  remove(): void
}

/** Makes both in a temporary folder, which `remove` deletes. */
export function createTwins(path: string, namespace: string): Twins {
  const dir = mkdtempSync(join(tmpdir(), 'chart-twins-'))
  const copy = join(dir, 'chart')
  cpSync(path, copy, { recursive: true })
  const file = join(copy, 'Chart.yaml')
  const text = readFileSync(file, 'utf8')
  const bumped = text.replace(/^version:.*$/m, 'version: 99.99.99')
  if (bumped === text) throw new Error(`${file} has no line "version: …" to change`)
  writeFileSync(file, bumped)
  return {
    again: createChart({ path, namespace, cacheDir: join(dir, 'cache') }),
    bumped: createChart({ path: copy, namespace, cacheDir: join(dir, 'cache') }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}
