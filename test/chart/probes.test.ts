import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { copyChart, createChart } from 'chart-harness'
import { expect, onTestFinished, test } from 'vitest'
import { findArms } from '../harness/src/coverage/arms.ts'
import { instrument } from '../harness/src/coverage/instrument.ts'
import { templateSources } from '../harness/src/coverage/probe-chart.ts'
import { chart, matrix, renderExample } from '../rules/project.ts'

test('the probes of coverage change no byte of any example', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'probes-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  const instrumented = templateSources(chart.path).map(({ file, source }) => [
    file,
    instrument(source, findArms(file, source), () => '""'),
  ])
  copyChart(chart.path, dir, Object.fromEntries(instrumented))
  const copy = createChart({ path: dir, namespace: 'mastodon', schema: 'skip' })
  const examples = join(chart.path, '../values-examples')
  const requests = matrix.map(({ example, helm }) => {
    return { release: example, helm, files: [join(examples, `${example}.yaml`)] }
  })
  const probed = await copy.renderAll(requests.map((request) => ({ ...request, keep: false })))
  const plain = await Promise.all(
    matrix.map(({ example, helm }) => renderExample(example, { helm })),
  )
  expect(probed.map(({ render }) => render?.text)).toEqual(plain.map(({ text }) => text))
})
