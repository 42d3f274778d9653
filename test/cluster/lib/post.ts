// The deployment of the post: values-examples/mstdnblue.yaml as it is, its shares and its ConfigMap.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exampleFile } from '../../rules/project.ts'
import { type HelmMajor, install } from './helm.ts'
import { kubectl } from './kubectl.ts'
import { plan, type Scenario } from './scenario.ts'
import { emptyShare, labShares, share } from './shares.ts'
import { timed } from './summary.ts'

/** The directories of the two shares. */
export const databaseShare = 'postgres-mstdnblue-data'
export const mediaShare = 'mastodon-public-mstdnblue'

/** The two volumes, which have fixed names. */
export const volumes = ['postgres-mstdnblue', 'mastodon-public-mstdnblue']

/** No values in the lab, which has the example's server; elsewhere the server that the user named. */
async function postValues(): Promise<object> {
  if ((await labShares()) !== undefined) return {}
  const nfs = async (name: string) => {
    const { server, path } = await share(name)
    return { nfs: { server, path } }
  }
  return { storage: { postgresql: await nfs(databaseShare), system: await nfs(mediaShare) } }
}

/** Empties the two shares; they belong to the users that the images run as. */
async function prepareShares(): Promise<void> {
  await emptyShare(databaseShare, 999)
  await emptyShare(mediaShare, 991)
}

/** Makes the ConfigMap from an env file, with the post's own command. */
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
export async function startPost(
  helm: HelmMajor,
  variables: Readonly<Record<string, string>>,
): Promise<Scenario> {
  await refuseExisting()
  await prepareShares()
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

/** The volumes have the names of the example, so they may be somebody's. */
async function refuseExisting(): Promise<void> {
  const get = ['get', 'persistentvolume', ...volumes, '--ignore-not-found', '-o', 'name']
  const found = await kubectl(get)
  if (found.trim() === '') return
  throw new Error(
    `The volumes ${volumes.join(', ')} exist. The example mstdnblue needs these names: is it installed in this cluster?`,
  )
}
