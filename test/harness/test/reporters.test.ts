// A run of vitest inside, in which every test fails: what the reporters say.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runVitest, temporaryFolder } from './support.ts'

const dir = temporaryFolder(afterAll)
const [json, junit] = [join(dir, 'report.json'), join(dir, 'report.xml')]
const { code, stdout } = await runVitest('diagnosis/inner/vitest.config.ts', [], {
  ...{ INNER_JSON: json, INNER_JUNIT: junit },
  GITHUB_WORKSPACE: join(import.meta.dirname, '../../..'),
})
const folder = 'test/harness/test/fixtures/diagnosis'
const annotations = stdout.split('\n').filter((line) => line.startsWith('::'))

test('the run fails', () => expect(code).toBe(1))

test('errors point at templates, notices at values files', () => {
  const places = annotations.map((line) => line.split('::'))
  expect(places.map(([, place]) => place?.replace(`${folder}/`, ''))).toEqual([
    'error file=chart/templates/deployment.yaml,line=6,title=a field',
    'notice file=web.yaml,line=3,title=a field',
    'error file=chart/templates/_helpers.tpl,line=3,title=a field of a define',
    'notice file=chart/values.yaml,line=3,title=a field of a define',
    'error file=chart/values.yaml,line=7,title=a look-up',
    'error file=chart/templates/deployment.yaml,line=18,title=a problem',
    'error file=chart/templates/secret.yaml,line=6,title=a secret',
    'error file=chart/templates/validate.yaml,line=2,title=a rule',
  ])
})

test('a message stays in its line', () => {
  expect(annotations[1]).toBe(
    `::notice file=${folder}/web.yaml,line=3,title=a field::web.replicas sets Deployment/web spec.replicas%0ADeployment/web spec.replicas: expected 3, found 4`,
  )
})

test.each([
  ['JSON', json],
  ['JUnit', junit],
])('%s says what made and what set it, without colours and secrets', (_, file) => {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(`made by: ${folder}/chart/templates/deployment.yaml:6`)
  expect(text).toContain(`set by:  ${folder}/web.yaml:3 (web.replicas)`)
  expect(text).not.toContain('a-secret-word')
  expect(text.includes('\u001b')).toBe(false)
})
