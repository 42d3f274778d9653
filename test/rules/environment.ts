// One environment for all Ruby processes, and nothing empty in it.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type ContainerView, defineRule, isRecord, type Render, type Rule } from 'chart-harness'
import type { EnvFromSource } from 'kubernetes-types/core/v1.d.ts'
import { ownObjects } from './labels.ts'
import { chart } from './project.ts'

interface Facility {
  readonly variables: readonly { readonly name: string; readonly emptyIsMeaningful?: boolean }[]
}
const data = readFileSync(join(chart.path, 'files/variables.json'), 'utf8')
const { facilities, processes } = JSON.parse(data) as {
  readonly facilities: readonly Facility[]
  readonly processes: Readonly<Record<string, readonly Facility[]>>
}

function ofProcess(process: string): string[] {
  const rows = processes[process]?.flatMap(({ variables: own }) => own) ?? []
  return rows.map(({ name }) => name)
}

// Variables that the chart adds for one process only, by `component/container`.
const additions: readonly (readonly [place: RegExp, names: readonly string[]])[] = [
  [/^web\/main$/, ['BIND', 'PORT', ...ofProcess('web')]],
  [
    /^sidekiq[^/]*\/main$/,
    [
      ...ofProcess('sidekiq'),
      ...['MASTODON_PROMETHEUS_EXPORTER_HOST', 'MASTODON_PROMETHEUS_EXPORTER_LOCAL'],
    ],
  ],
  // Migrations go around a pooler, so the two Jobs have another DB_HOST and DB_PORT.
  [
    /^(post-)?migrate\/main$/,
    ['AWAIT_IMPORT', 'CHART', 'DB_HOST', 'DB_PORT', 'DEPLOYMENTS', 'JOB', 'RELEASE'],
  ],
  [/^search-index\/main$/, ['ARGUMENTS', 'GENERATION', 'JOB', 'MASTODON']],
  [/^admin\/main$/, ['ADMIN_EMAIL', 'ADMIN_USERNAME', 'LABELS', 'SECRET']],
]

// These two run no Mastodon: the hook comes before its ConfigMaps, the test pod only runs curl.
const otherPrograms: ReadonlySet<string> = new Set(['secrets', 'test'])

const meaningfulWhenEmpty = new Set(
  facilities
    .flatMap(({ variables }) => variables)
    .filter((variable) => variable.emptyIsMeaningful)
    .map(({ name }) => name),
)

/** The value of the label `app.kubernetes.io/component` of the container's pod. */
export function componentOf({ pod }: Pick<ContainerView, 'pod'>): string {
  const label = 'app.kubernetes.io/component'
  return pod.metadata.labels?.[label] ?? pod.owner.metadata.labels?.[label] ?? ''
}

/** Whether the container has a Mastodon image (web, sidekiq, Jobs; not streaming). */
export function isRuby({ container }: ContainerView): boolean {
  return /(^|\/)mastodon([:@]|$)/.test(container.image ?? '')
}

/** Every container that runs Mastodon's Ruby code. */
function rubyContainers(render: Render): ContainerView[] {
  return render.containers().filter((view) => isRuby(view) && !otherPrograms.has(componentOf(view)))
}

function addedTo(view: ContainerView): string[] {
  const own = `${componentOf(view)}/${view.container.name}`
  return additions.flatMap(([place, names]) => (place.test(own) ? names : []))
}

const oneEnvironment = defineRule({
  name: 'one-environment',
  appliesTo: rubyContainers,
  check: (view, render) => {
    const model = rubyContainers(render).find((other) => componentOf(other) === 'web')
    if (!model) return 'there is no container of web to compare with.'
    if (!isDeepStrictEqual(view.container.envFrom, model.container.envFrom)) {
      return `container ${view.container.name} reads envFrom ${sourcesOf(view)}; web reads ${sourcesOf(model)}.`
    }
    const skipped = new Set([...addedTo(view), ...addedTo(model)])
    const [own, wanted] = [variables(view, skipped), variables(model, skipped)]
    const names = [...new Set([...own.keys(), ...wanted.keys()])]
    const differing = names.filter((name) => !isDeepStrictEqual(own.get(name), wanted.get(name)))
    if (differing.length === 0) return undefined
    return `container ${view.container.name} differs from web in ${differing.sort().join(', ')}.`
  },
})

function sourcesOf({ container }: ContainerView): string {
  return (container.envFrom ?? []).map(sourceOf).join(', ') || '(nothing)'
}

function sourceOf({ configMapRef, secretRef }: EnvFromSource): string {
  return configMapRef?.name ?? secretRef?.name ?? '?'
}

function variables(
  { container }: ContainerView,
  skipped: ReadonlySet<string>,
): Map<string, unknown> {
  const entries = (container.env ?? []).filter(({ name }) => !skipped.has(name))
  return new Map(entries.map(({ name, ...rest }) => [name, rest]))
}

// Init containers of the chart prepare the way for the main container, so they must see what it sees.
const preparing: ReadonlySet<string> = new Set(['gate', 'login', 'prepare'])

const initLikeMain = defineRule({
  name: 'init-like-main',
  appliesTo: (render) => render.containers(({ container }) => preparing.has(container.name)),
  check: (view) => {
    const main = view.pod.spec.containers.find(({ name }) => name === 'main')
    if (!main) return 'there is no container "main" to compare with.'
    const skipped = new Set(addedTo({ ...view, container: main }))
    const own = seenBy(view.container)
    const lacking = [...seenBy(main)].filter(([key, name]) => !own.has(key) && !skipped.has(name))
    if (lacking.length === 0) return undefined
    const names = lacking.map(([, name]) => name).sort()
    return `container ${view.container.name} lacks what main has: ${names.join(', ')}.`
  },
})

/** The mounts, variables and their sources of a container, and a name for each. */
function seenBy({ volumeMounts = [], env = [], envFrom = [] }: ContainerView['container']) {
  const named = [
    ...volumeMounts.map((mount) => [mount, mount.mountPath] as const),
    ...env.map((entry) => [entry, entry.name] as const),
    ...envFrom.map((source) => [source, sourceOf(source)] as const),
  ]
  return new Map(named.map(([item, name]) => [JSON.stringify(item), name]))
}

const noEmptyValue = defineRule({
  name: 'config-map-values',
  appliesTo: ({ objects }) => ownObjects(objects).filter(({ kind }) => kind === 'ConfigMap'),
  check: ({ data }) => {
    if (!isRecord(data) || Object.keys(data).length === 0) return 'holds no data.'
    const empty = Object.keys(data).filter(
      (key) => String(data[key] ?? '').trim() === '' && !meaningfulWhenEmpty.has(key),
    )
    if (empty.length === 0) return undefined
    return `${empty.sort().join(', ')} is empty; a value that is not set must render no key.`
  },
})

const railsSecretsStayWithRails = defineRule({
  name: 'streaming-without-rails-secrets',
  appliesTo: (render) => render.containers((view) => componentOf(view) === 'streaming'),
  check: (view, render) => {
    const [web] = rubyContainers(render)
    const secretsOf = (one: ContainerView | undefined): string[] =>
      (one?.container.envFrom ?? []).flatMap(({ secretRef }) => secretRef?.name ?? [])
    const shared = secretsOf(view).filter((name) => secretsOf(web).includes(name))
    return shared.length === 0 ? undefined : `reads ${shared.join(', ')}, which is for Rails.`
  },
})

/** Whether the pods of a component run Mastodon, and so read `pod.env` and `pod.envFrom`. */
export function runsMastodon(component: string): boolean {
  return /^(web|streaming|sidekiq-.*|(post-)?migrate|admin|search-index)$/.test(component)
}

const mastodonOnly = defineRule({
  name: 'env-from-for-mastodon',
  appliesTo: (render) => render.containers(({ container }) => (container.envFrom ?? []).length > 0),
  check: (view) =>
    runsMastodon(componentOf(view))
      ? undefined
      : `container ${view.container.name} reads envFrom, which is for programs of Mastodon.`,
})

// The schemas cannot say it, and Kubernetes refuses the object.
const oneSource = defineRule({
  name: 'variable-of-one-source',
  appliesTo: (render) =>
    render.containers(
      ({ container }) => container.env?.some(({ valueFrom }) => valueFrom) ?? false,
    ),
  check: ({ container }) => {
    const torn = (container.env ?? []).filter(
      ({ valueFrom }) => valueFrom && Object.keys(valueFrom).length !== 1,
    )
    if (torn.length === 0) return undefined
    const names = torn.map(({ name }) => name)
    return `container ${container.name} takes ${names.join(', ')} from more than one place.`
  },
})

/** The rules of this file that hold for any values. */
export const environmentRules: readonly Rule[] = [
  oneSource,
  noEmptyValue,
  railsSecretsStayWithRails,
]

/** Those that a user may break on purpose, with variables of one component. */
export const strictEnvironmentRules: readonly Rule[] = [oneEnvironment, initLikeMain, mastodonOnly]
