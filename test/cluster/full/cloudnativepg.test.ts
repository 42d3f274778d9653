// A release whose PostgreSQL the operator CloudNativePG runs. The API server has its kinds; the operator itself needs
// images that the lab has not, so the test makes what it makes: Secrets, Services and a server with TLS.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { downloadCrds, isRecord, parseYaml, splitDocuments } from 'chart-harness'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { crdDir } from '../../rules/project.ts'
import { expectStreaming, expectWeb } from '../lib/checks.ts'
import { sql } from '../lib/database.ts'
import { helm, install, upgrade } from '../lib/helm.ts'
import { apply, exec, kubectl, secret } from '../lib/kubectl.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { podsOf, statusesOf } from '../lib/pods.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { certificate, service, startPostgresql } from '../lib/services.ts'
import { eventually } from '../lib/wait.ts'

const folder = 'config/crd/bases'
const kinds = {
  'github.com/cloudnative-pg/cloudnative-pg': ['clusters', 'poolers', 'scheduledbackups'].map(
    (plural) => `postgresql.cnpg.io_${plural}.yaml`,
  ),
  'github.com/cloudnative-pg/plugin-barman-cloud': ['barmancloud.cnpg.io_objectstores.yaml'],
}
const values = {
  pod: { env: { LOGIN_PATIENCE: 3 } },
  postgresql: {
    mode: 'cloudnativepg',
    cloudnativepg: {
      instances: 2,
      pooler: { enabled: true },
      backup: {
        ...{ enabled: true, destinationPath: 's3://backups/mastodon' },
        ...{ accessKeyId: { value: 'id' }, secretAccessKey: { value: 'key' } },
      },
    },
  },
}

/** The CustomResourceDefinitions of the releases that schema/crds comes from. */
async function definitions(): Promise<object[]> {
  const shared: unknown = JSON.parse(readFileSync(join(crdDir, '_definitions.json'), 'utf8'))
  const sources = isRecord(shared) ? String(shared.$comment) : ''
  const texts = await Promise.all(
    Object.entries(kinds).map(async ([module, files]) => {
      const version = sources.split(`${module} `)[1]?.split(' ')[0] ?? ''
      const crds = Object.fromEntries(files.map((file) => [`${folder}/${file}`, []]))
      return [...(await downloadCrds({ module, version, crds }, process.env)).texts.values()]
    }),
  )
  return texts.flat().map((text) => parseYaml(text) as object)
}

let scenario: Scenario
let cluster = ''
beforeAll(async () => {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: await definitions() })
  // A definition is too long for the annotation of `apply`.
  await kubectl(['apply', '--server-side', '--force-conflicts', '--filename', '-'], { input })
  scenario = await plan({ title: 'cloudnativepg', helm: 4, host: 'mastodon.example' })
  cluster = `${scenario.fullname}-cloudnativepg`
})
afterAll(() => dropNamespace(scenario?.release.namespace))

test('the API server accepts every field of what the chart renders for the operator', async () => {
  await install(scenario.release, { values, wait: false })
  const manifest = await helm(scenario.release, 'get manifest')
  const ours = splitDocuments(manifest).filter(({ text }) =>
    /^apiVersion: .*cnpg\.io\//m.test(text),
  )
  expect(ours).toHaveLength(4)
  const input = ours.map(({ text }) => text).join('\n---\n')
  const strictly = ['apply', '--dry-run=server', '--validate=strict', '--filename', '-']
  const said = await kubectl(strictly, { namespace: scenario.release.namespace, input })
  expect(said.match(/\(server dry run\)/g)).toHaveLength(4)
})

test('pods wait for the Secrets of the operator, and the release runs once they are there', async () => {
  const { namespace } = scenario.release
  await eventually('A container that lacks the Secret', async () => {
    const states = (await podsOf(scenario)).flatMap(statusesOf).map(({ state }) => state?.waiting)
    return states.find((state) =>
      /ContainerCreating|CreateContainerConfigError/.test(state?.reason ?? ''),
    )
  })
  const names = [`${cluster}-rw`, `${cluster}-pooler`]
  const user = { user: 'mastodon', database: 'mastodon', password: 'correct-horse' }
  const database = await startPostgresql(namespace, 'db', user, names)
  const authority = await exec(namespace, 'db', ['cat', certificate])
  await apply(
    [
      ...names.map((name) => service(name, 'db', 5432)),
      secret(`${cluster}-ca`, { 'ca.crt': authority }),
      secret(`${cluster}-app`, { username: user.user, password: user.password }),
    ],
    namespace,
  )
  await upgrade(scenario.release, { values })
  await expectWeb(scenario)
  await expectStreaming(scenario)
  const seen = await sql(
    database,
    'SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE ssl AND client_addr IS NOT NULL',
  )
  expect(Number(seen[0]?.[0])).toBeGreaterThan(1)
})
