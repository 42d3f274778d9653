import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { mutableFiles, mutantsOf } from '../src/mutation/mutants.ts'
import type { RecordedJob } from '../src/mutation/records.ts'
import { renderTogether } from '../src/mutation/render-together.ts'
import { createMutantRenderer } from '../src/mutation/renderer.ts'
import { createTrial, type Trial } from '../src/mutation/trial.ts'
import { jobId } from '../src/render/helm-job.ts'
import { fixture, temporaryFolder } from './support.ts'

const template = (name: string, data: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`

/** A job for each of these values. */
function jobsWith(path: string, all: readonly object[]): RecordedJob[] {
  return all.map((values) => {
    const about = { helm: 4, path, release: 'r', namespace: 'n', files: [], flags: [] } as const
    const job = { ...about, values, alone: false }
    return { ...job, id: jobId({ ...job, chartHash: '' }), expected: 'renders' }
  })
}

test('of mutants that are rendered together, each is told what it alone changes', async () => {
  const chart = join(temporaryFolder(), 'mutants')
  cpSync(fixture('mutants/chart'), chart, { recursive: true })
  const files = {
    'a.yaml': template('a', 'text: {{ .Values.text | default "none" | quote }}'),
    'b.yaml': template('b', 'text: {{ .Values.text | toString | quote }}'),
    'c.yaml': template('c', 'text: {{ if .Values.bad }}{{ required "bad" .Values.text }}{{ end }}'),
  }
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(chart, 'templates', name), text)
  const jobs = jobsWith(chart, [{ text: 'x' }, { text: 'y' }, {}, { text: 'z', bad: true }])
  const dir = temporaryFolder()
  const renderer = await createMutantRenderer(chart, dir, jobs)
  const tests = jobs.map(({ id }) => ({ file: 'f', name: id, jobs: [id] }))
  const trials = [
    'a.yaml:6 without default',
    'b.yaml:6 without toString',
    'c.yaml:6 the condition always holds',
  ].map((wanted) => {
    const mutant = mutantsOf(mutableFiles(chart)).find(({ file, line, description }) =>
      `${file}:${line} ${description}`.endsWith(wanted),
    )
    if (!mutant) throw new Error(`no mutant ${wanted}`)
    return createTrial({ mutant, dir }, tests, () => true)
  })
  await renderTogether(trials, { records: { jobs, tests }, renderer, dir })
  const changed = ({ changed, broken }: Trial): number[][] =>
    [changed, broken].map((ids) => jobs.flatMap(({ id }, index) => (ids.has(id) ? [index] : [])))
  expect(trials.map(changed)).toEqual([
    [[2], []],
    [[2], []],
    [[0, 1, 2], []],
  ])
  expect(trials.map(({ rendered }) => rendered.size)).toEqual([4, 4, 4])
})
