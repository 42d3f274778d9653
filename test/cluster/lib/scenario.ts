// A release in its own namespace, with a client next to it: what most tests begin with.
import type { Instance } from './application.ts'
import { startClient } from './client.ts'
import { type HelmMajor, install, type Release, type ReleaseOptions } from './helm.ts'
import { createNamespace } from './namespaces.ts'
import { timed } from './summary.ts'

/** A release and how to reach what it runs. */
export interface Scenario {
  readonly release: Release
  readonly instance: Instance
  /** What the names of the release's objects begin with. */
  readonly fullname: string
}

/** The Mastodon before that of the chart, for upgrades. */
export const earlier = '4.6.6'

/** The Mastodon of the chart. */
export { appVersion as current } from '../../rules/pins.ts'

/** The migrations of the stand-ins: the first, and the two that `current` adds. */
export const migrations = {
  first: '20250101000000',
  pre: '20260801000000',
  post: '20260801000001',
}

/** Values with the earlier Mastodon. */
export const earlierImages = {
  mastodon: { image: { tag: `v${earlier}` } },
  streaming: { image: { tag: `v${earlier}` } },
}

/** Lets an account have an address that cannot be looked up, as none can be in the lab. */
export const noLookUp = { EMAIL_DOMAIN_ALLOWLIST: 'example.com' }

/** Values with the earlier Mastodon and alice as its administrator. */
export const earlierWithAdmin = {
  ...earlierImages,
  jobs: { admin: { env: noLookUp } },
  mastodon: {
    ...earlierImages.mastodon,
    admin: { enabled: true, username: 'alice', email: 'alice@example.com' },
  },
}

/** What a scenario is made from before it is installed; the names are those that follow from the values. */
export interface Plan {
  /** For the namespace's name and the summary. */
  readonly title: string
  readonly helm: HelmMajor
  readonly host?: string
  readonly name?: string
  readonly fullname?: string
  readonly web?: string
  readonly streaming?: string
}

/** A namespace with a client in it; the release is described, but not installed. */
export async function plan(options: Plan): Promise<Scenario> {
  const namespace = await createNamespace(options.title)
  const { name = 't', fullname = 't-mastodon' } = options
  const instance = {
    client: await startClient(namespace),
    host: options.host ?? 'mastodon.example.com',
    web: `${options.web ?? `${fullname}-web`}:3000`,
    streaming: `${options.streaming ?? `${fullname}-streaming`}:4000`,
  }
  return { release: { name, namespace, helm: options.helm }, instance, fullname }
}

/** What an installed scenario is made from. */
export interface ScenarioOptions extends ReleaseOptions, Plan {
  /** Runs in the new namespace before the install, for example to create Secrets. */
  readonly prepare?: (namespace: string) => Promise<void>
}

/** Installs the chart in its own namespace and waits until all is ready. */
export async function start(options: ScenarioOptions): Promise<Scenario> {
  const scenario = await plan(options)
  await options.prepare?.(scenario.release.namespace)
  await timed(`install of ${options.title}, Helm ${options.helm}`, () =>
    install(scenario.release, options),
  )
  return scenario
}
