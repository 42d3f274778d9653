// The example of the post on its two NFS shares: with a ConfigMap that contains the instance's keys, and
// with one that has only public settings.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PersistentVolume, Service } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleFile } from '../rules/project.ts'
import { uploadSeen } from './lib/application.ts'
import { expectRunning } from './lib/checks.ts'
import { ask } from './lib/client.ts'
import { embeddedDatabase, sql } from './lib/database.ts'
import { type HelmMajor, install } from './lib/helm.ts'
import { fingerprint, instanceKeys } from './lib/keys.ts'
import { find, kubectl, secretValues } from './lib/kubectl.ts'
import { refuseExisting, removeNamespace } from './lib/namespaces.ts'
import { plan, type Scenario } from './lib/scenario.ts'
import { emptyShare, labShares, nfsVolume, removeShare, share } from './lib/shares.ts'
import { timed } from './lib/summary.ts'
import { eventually } from './lib/wait.ts'

/** The directories of the two shares. */
const databaseShare = 'postgres-mstdnblue-data'
const mediaShare = 'mastodon-public-mstdnblue'

/** The two volumes, which have fixed names. */
const volumes = ['postgres-mstdnblue', 'mastodon-public-mstdnblue']

const settings = { LOCAL_DOMAIN: 'mstdnblue.example.com', SINGLE_USER_MODE: 'true' }
const keys = instanceKeys()
const environments: { title: string; helm: HelmMajor; variables: Record<string, string> }[] = [
  { title: 'the keys in the ConfigMap', helm: 3, variables: { ...settings, ...keys } },
  { title: 'public settings only', helm: 4, variables: settings },
]

describe.each(environments)('mstdnblue, $title', ({ helm, variables }) => {
  let scenario: Scenario
  beforeAll(async () => {
    scenario = await startPost(helm, variables)
  })
  afterAll(async () => {
    await removeNamespace(scenario?.release.namespace)
    await Promise.all([databaseShare, mediaShare].map(removeShare))
  })

  test('runs', async () => {
    await expectRunning(scenario)
  })

  test('uses the keys of the ConfigMap if there are any, otherwise generated ones', async () => {
    const { namespace } = scenario.release
    const generated = await secretValues(namespace, 'mstdnblue-keys')
    const [[noted] = []] = await sql(
      await embeddedDatabase(scenario),
      "SELECT value FROM ar_internal_metadata WHERE key = 'mastodon_chart.encryption_keys'",
    )
    expect(noted).toBe(fingerprint({ ...generated, ...variables }))
    expect(fingerprint(generated)).not.toBe(fingerprint(keys))
  })

  test.each([
    ['web-mstdnblue', 3000, '/health'],
    ['streaming-mstdnblue', 4000, '/api/v1/streaming/health'],
  ])('%s is reached at the address of its load balancer, port %d', async (name, port, path) => {
    const address = await eventually('An address from the load balancer', async () => {
      const service = await find<Service>('service', name, scenario.release.namespace)
      const [entry] = service?.status?.loadBalancer?.ingress ?? []
      return entry?.ip ?? entry?.hostname
    })
    const url = `http://${address}:${port}${path}`
    expect(await ask(scenario.instance.client, { url })).toEqual({ status: 200, body: 'OK' })
  })

  test('keeps its data on the two shares, where the right users own it', async () => {
    await uploadSeen(scenario.instance, 'on-the-share')
    const postgresql = await share(databaseShare)
    const media = await share(mediaShare)
    expect(existsSync(join(postgresql.folder, 'pgdata', 'PG_VERSION'))).toBe(true)
    expect(existsSync(join(media.folder, 'media_attachments', 'on-the-share'))).toBe(true)
    const bound = await Promise.all(
      volumes.map(async (name) => {
        const volume = await find<PersistentVolume>('persistentvolume', name)
        return [volume?.status?.phase, volume?.spec?.claimRef?.name, volume?.spec?.mountOptions]
      }),
    )
    expect(bound).toEqual([
      ['Bound', 'postgres-mstdnblue', ['nfsvers=3']],
      ['Bound', 'mastodon-public-mstdnblue-pvc', ['nfsvers=3']],
    ])
  })
})

/** No values in the lab, which has the example's server; elsewhere the server that the user named. */
async function postValues(): Promise<object> {
  if ((await labShares()) !== undefined) return {}
  const [postgresql, system] = [await share(databaseShare), await share(mediaShare)].map(nfsVolume)
  return { storage: { postgresql, system } }
}

/** Creates the ConfigMap from an env file, with the post's own command. */
async function createEnvironment(
  namespace: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cluster-test-'))
  const file = join(folder, '.env.production')
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(file, lines.join(''), { mode: 0o600 })
  const command = ['create', 'configmap', 'configmap-mstdnblue', `--from-env-file=${file}`]
  await kubectl(command, { namespace }).finally(() => rmSync(folder, { recursive: true }))
}

/** Installs the example with a ConfigMap of these variables, on empty shares. */
async function startPost(
  helm: HelmMajor,
  variables: Readonly<Record<string, string>>,
): Promise<Scenario> {
  await refuseExisting('persistentvolume', volumes, 'mstdnblue')
  // They belong to the users that the images run as.
  await emptyShare(databaseShare, 999)
  await emptyShare(mediaShare, 991)
  const scenario = await plan({
    title: 'mstdnblue',
    helm,
    host: 'mstdnblue.example.com',
    ...{ name: 'mstdnblue', fullname: 'mstdnblue' },
    ...{ web: 'web-mstdnblue', streaming: 'streaming-mstdnblue' },
  })
  await createEnvironment(scenario.release.namespace, variables)
  const values = await postValues()
  await timed(`install of mstdnblue, Helm ${helm}`, () =>
    install(scenario.release, { files: [exampleFile('mstdnblue')], values }),
  )
  return scenario
}
