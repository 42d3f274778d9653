// Pods: tokens, service links, images, what may not be covered by a mount.
import { posix } from 'node:path'
import { defineRule, isRecord, podsOf, type Render, type Rule } from 'chart-harness'
import { isRuby } from './environment.ts'
import { ownObjects } from './labels.ts'

const compiled = ['/opt/mastodon/public/assets', '/opt/mastodon/public/packs'] as const

const assetsStayVisible = defineRule({
  name: 'assets-not-covered',
  appliesTo: (render) => render.containers().filter(isRuby),
  check: ({ container }) => {
    const paths = (container.volumeMounts ?? []).map(({ mountPath }) => posix.resolve(mountPath))
    const covering = paths.filter((path) =>
      compiled.some((asset) => isInside(asset, path) || isInside(path, asset)),
    )
    if (covering.length === 0) return undefined
    return `container ${container.name} mounts ${covering.join(', ')} over the image's assets, so the pages of another version would be served.`
  },
})

function isInside(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`)
}

const tokenOnlyForApi = defineRule({
  name: 'token-only-for-the-api',
  appliesTo: (render) => render.pods(),
  check: ({ spec }, render) => {
    const bound = boundAccounts(render).has(spec.serviceAccountName ?? 'default')
    if (spec.automountServiceAccountToken === bound) return undefined
    return bound
      ? 'has a role, but mounts no token for it. Set automountServiceAccountToken: true.'
      : 'has no role, but does not say automountServiceAccountToken: false.'
  },
})

function boundAccounts(render: Render): Set<string> {
  const bindings = render.objects.filter(({ kind }) => kind === 'RoleBinding')
  const subjects = bindings.flatMap(({ subjects: list }) => (Array.isArray(list) ? list : []))
  return new Set(subjects.filter(isRecord).map(({ name }) => String(name)))
}

const noServiceLinks = defineRule({
  name: 'no-service-links',
  appliesTo: ({ objects }) => podsOf(ownObjects(objects)),
  check: ({ spec }) =>
    spec.enableServiceLinks === false
      ? undefined
      : 'gets variables of every Service in the namespace; they collide with REDIS_PORT and the like. Set enableServiceLinks: false.',
})

const exactImages = defineRule({
  name: 'images-exact',
  appliesTo: (render) => render.containers(),
  check: ({ container }) => {
    const image = container.image ?? ''
    // Forks publish an image each night, and name it by its date.
    const pinned = /@sha256:[0-9a-f]{64}$|:(v?\d+\.\d+|nightly\.\d{4}-\d\d-\d\d)[^/:]*$/
    if (pinned.test(image)) return undefined
    return `container ${container.name} has image "${image}", which is not pinned. Give it an exact tag or a digest.`
  },
})

/** The rules of this file that hold for any values. */
export const podRules: readonly Rule[] = [assetsStayVisible, noServiceLinks]

/** Those that a user's own containers may break on purpose. */
export const strictPodRules: readonly Rule[] = [tokenOnlyForApi, exactImages]
