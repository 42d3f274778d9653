// With strategy Recreate there is an outage, as long as the migrations take. It is measured, not judged.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectWeb } from './lib/checks.ts'
import { outage } from './lib/client.ts'
import { embeddedDatabase, migrations } from './lib/database.ts'
import { example, upgrade } from './lib/helm.ts'
import { dropNamespace } from './lib/namespaces.ts'
import { current, earlier, type Scenario, start, version } from './lib/scenario.ts'
import { underLoad } from './lib/upgrades.ts'

const files = [example('single-node-rwo')]
const recreate = { web: { strategy: { type: 'Recreate' } } }

describe('strategy Recreate', () => {
  let scenario: Scenario
  beforeAll(async () => {
    const values = { ...version(earlier), ...recreate }
    scenario = await start({ title: 'single-node-rwo', helm: 4, files, values })
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('stops the old pods, runs all migrations, starts the new ones', async () => {
    const title = `Recreate ${earlier} to ${current}`
    const answers = await underLoad(scenario, title, () =>
      upgrade(scenario.release, { files, values: recreate }),
    )
    // That the loop sees outages at all is what gives the zero of the rolling upgrades its meaning.
    expect(answers.filter(({ status }) => status !== 200)).not.toEqual([])
    expect(outage(answers)).toBeGreaterThan(0)
    expect(answers.at(-1)?.status).toBe(200)
    const { namespace } = scenario.release
    const done = await migrations(await embeddedDatabase(namespace, scenario.fullname))
    expect(done).toEqual(['20250101000000', '20260801000000', '20260801000001'])
    await expectWeb(scenario.instance, current)
  })
})
