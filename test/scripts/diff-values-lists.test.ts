// npm run diff: what is found again in another place of a list, or under another name.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../../scripts/diff-values.ts'
import { callHere } from './fixtures/run-script.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const dir = scratchFolder()

test('new variables are all that changes, and a worker becomes the one that does its work', async () => {
  const env = (names: string): string => `web: {env: {${names}}}\n`
  const workers = `
sidekiq:
  workers:
    - {name: fasp, queues: [fasp, pull]}
    - {name: main, queues: ["default,8", "push,6", "ingress,4", mailers, scheduler]}
`
  writeFileSync(join(dir, 'few.yaml'), env('B: b'))
  writeFileSync(join(dir, 'more.yaml'), env('A: a, B: b, C: c') + workers)
  const { stdout } = await callHere(main, ['few.yaml', 'more.yaml'], { cwd: dir })
  const lines = stdout.split('\n')
  const variables = 'spec.template.spec.containers[main].env'
  expect(lines.filter((line) => line.includes(variables))).toEqual([
    `    ${variables}[A]: + {"name":"A","value":"a"}`,
    `    ${variables}[C]: + {"name":"C","value":"c"}`,
  ])
  expect(lines.filter((line) => line.includes('becomes'))).toEqual([
    '? Deployment/mastodon-sidekiq-all: becomes Deployment/mastodon-sidekiq-main: Helm deletes the old one before the new one is ready',
  ])
})
