// With strategy Recreate there is an outage for as long as the migrations take. It is measured, not judged.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exampleFile } from '../rules/project.ts'
import { expectWeb } from './lib/checks.ts'
import { outage } from './lib/client.ts'
import { embeddedDatabase, migrationsOf } from './lib/database.ts'
import { upgrade } from './lib/helm.ts'
import { dropNamespace } from './lib/namespaces.ts'
import {
  current,
  earlier,
  earlierImages,
  migrations,
  type Scenario,
  start,
} from './lib/scenario.ts'
import { underLoad } from './lib/upgrades.ts'

const files = [exampleFile('single-node-rwo')]
const recreate = { web: { strategy: { type: 'Recreate' } } }

let scenario: Scenario
beforeAll(async () => {
  const values = { ...earlierImages, ...recreate }
  scenario = await start({ title: 'single-node-rwo', helm: 4, files, values })
})
afterAll(() => dropNamespace(scenario?.release.namespace))

test('stops the old pods, runs all migrations, starts the new ones', async () => {
  const title = `Recreate ${earlier} to ${current}`
  const answers = await underLoad(scenario, title, () =>
    upgrade(scenario.release, { files, values: recreate }),
  )
  // That the loop notices an outage at all is what gives the zero of the rolling upgrades its meaning.
  expect(answers.filter(({ status }) => status !== 200)).not.toEqual([])
  expect(outage(answers)).toBeGreaterThan(0)
  expect(answers.at(-1)?.status).toBe(200)
  const { first, pre, post } = migrations
  expect(await migrationsOf(await embeddedDatabase(scenario))).toEqual([first, pre, post])
  await expectWeb(scenario)
})
