import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyChart, createChart } from 'chart-harness'
import { expect, onTestFinished, test } from 'vitest'
import { findBranches } from '../harness/src/coverage/branches.ts'
import { instrument, templateSources } from '../harness/src/coverage/tracer.ts'
import { chart, matrix, renderExample } from '../rules/project.ts'

test('the tracers of coverage change no byte of any example', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tracers-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const instrumented = templateSources(chart.path).map(({ file, source }) => [
    file,
    instrument(source, findBranches(file, source), () => '""'),
  ])
  copyChart(chart.path, dir, Object.fromEntries(instrumented))
  const copy = createChart({ path: dir, namespace: 'mastodon', schema: 'skip' })
  const examples = join(chart.path, '../values-examples')
  const requests = matrix.map(({ example, helm }) => {
    return { release: example, helm, files: [join(examples, `${example}.yaml`)] }
  })
  const traced = await copy.renderAll(requests.map((request) => ({ ...request, keep: false })))
  const plain = await Promise.all(
    matrix.map(({ example, helm }) => renderExample(example, { helm })),
  )
  expect(traced.map(({ render }) => render?.text)).toEqual(plain.map(({ text }) => text))
})
