// The examples that need more than a StorageClass, as they are but for what the lab lacks: `examples` says that. Servers
// elsewhere are pods in the namespace that the examples name; nothing answers for mail, sign-in and the like.
import { readFileSync } from 'node:fs'
import { isRecord, parseYaml, valuesIn } from 'chart-harness'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { exampleFile } from '../../rules/project.ts'
import { expectRunning, expectRunningWithoutMedia } from '../lib/checks.ts'
import { sql } from '../lib/database.ts'
import { instanceKeys } from '../lib/keys.ts'
import { apply, secret } from '../lib/kubectl.ts'
import {
  createNamespace,
  dropNamespace,
  refuseExisting,
  removeNamespace,
} from '../lib/namespaces.ts'
import { type Scenario, start } from '../lib/scenario.ts'
import { service, startPostgresql, startValkey } from '../lib/services.ts'

/** The password of everything. */
const password = 'correct-horse'
const services = 'databases'

/** One node cannot reserve what a large server needs. */
const small = { resources: { requests: { cpu: '10m', memory: '64Mi' } } }
const examples: Readonly<Record<string, object>> = {
  large: { web: small, sidekiq: small },
  oidc: {},
  gitops: {},
  ingress: {},
  onion: {},
  opensearch: { search: small },
  'rwx-dynamic': {},
  's3-workload-identity': {},
  'split-domain': {},
}

beforeAll(async () => {
  await refuseExisting('namespace', [services], 'large')
  await createNamespace(services, services)
  const server = { user: 'mastodon', database: 'mastodon_production', password }
  const database = await startPostgresql(services, 'postgresql', server)
  await sql(database, `CREATE ROLE mastodon_reader LOGIN PASSWORD '${password}'`)
  await sql(database, 'GRANT pg_read_all_data TO mastodon_reader')
  const poolers = ['pooler', 'replica-pooler']
  await apply(
    poolers.map((name) => service(name, 'postgresql', 6432, 5432)),
    services,
  )
  for (const name of ['redis', 'redis-cache', 'redis-sidekiq'])
    await startValkey(services, name, password)
})
afterAll(() => removeNamespace(services))

describe.each(Object.entries(examples))('%s', (example, overrides) => {
  const values = parseYaml(readFileSync(exampleFile(example), 'utf8')) as Values
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await start({
      ...{ title: example, helm: 4, files: [exampleFile(example)], values: overrides },
      host: values.mastodon.webDomain ?? values.mastodon.localDomain,
      prepare: (namespace) => apply(secretsFor(values), namespace),
    })
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  // The lab has no bucket.
  const check = values.objectStorage ? expectRunningWithoutMedia : expectRunning
  test(`runs${values.objectStorage ? ', except for media' : ''}`, async () => {
    await check(scenario)
  })
})

interface Values {
  readonly mastodon: { readonly localDomain: string; readonly webDomain?: string }
  readonly objectStorage?: object
}

/** The Secrets that values name: the keys of an instance, and the password in all others. */
function secretsFor(values: object): object[] {
  const found: Record<string, Record<string, string>> = {}
  for (const { path, value } of valuesIn(values)) {
    if (!isRecord(value) || typeof value.existingSecret !== 'string') continue
    const keys = path.join('.') === 'secrets' ? instanceKeys() : { [String(value.key)]: password }
    found[value.existingSecret] = { ...found[value.existingSecret], ...keys }
  }
  return Object.entries(found).map(([name, texts]) => secret(name, texts))
}
