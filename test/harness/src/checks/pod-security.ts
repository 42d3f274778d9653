import type { Container, PodSecurityContext, Volume } from 'kubernetes-types/core/v1.d.ts'
import { nameOf } from '../objects/manifests.ts'
import { appendStep, findAll } from '../objects/paths.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

const rule = 'pod-security'
const at = 'securityContext'

/** Where something is restricted (a pattern for `findAll`), which values are allowed, and the message for others. */
type Restriction = readonly [pattern: string, allowed: (value: unknown) => boolean, message: string]

const unset = (value: unknown): boolean => !value
const isOneOf = (text: string): ((value: unknown) => boolean) => {
  const words = text.trim().split(/\s+/)
  return (value) => words.includes(String(value))
}
const volumes = isOneOf(
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret',
)
const sysctls = isOneOf(`
  kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports
  net.ipv4.ip_unprivileged_port_start net.ipv4.ping_group_range net.ipv4.tcp_fin_timeout
  net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_keepalive_time
  net.ipv4.tcp_rmem net.ipv4.tcp_syncookies net.ipv4.tcp_wmem
`)
const selinuxTypes = isOneOf('container_engine_t container_init_t container_kvm_t container_t')

const inBoth: readonly Restriction[] = [
  [`${at}.runAsNonRoot`, (value) => value === true, 'must not be false'],
  [`${at}.runAsUser`, (value) => value !== 0, 'must not be 0'],
  [
    `${at}.seccompProfile`,
    (value) => isOneOf('RuntimeDefault Localhost')((value as { type?: unknown }).type),
    'must be RuntimeDefault or Localhost',
  ],
  [`${at}.seLinuxOptions.type`, (value) => value === '' || selinuxTypes(value), 'is not allowed'],
  [`${at}.seLinuxOptions.user|role`, unset, 'must not be set'],
  [`${at}.appArmorProfile.type`, (value) => value !== 'Unconfined', 'must not be Unconfined'],
  [`${at}.windowsOptions.hostProcess`, unset, 'must not be true'],
]
const inPods: readonly Restriction[] = [
  ['hostNetwork|hostPID|hostIPC', unset, 'must not be true'],
  ['volumes.*', (volume) => volumes(typeOf(volume as Volume)), 'is of a type that is not allowed'],
  [`${at}.sysctls.*.name`, sysctls, 'is not allowed'],
  ...inBoth,
]
const inContainers: readonly Restriction[] = [
  [`${at}.privileged`, unset, 'must not be true'],
  [`${at}.procMount`, (value) => value === '' || value === 'Default', 'must be Default'],
  ['livenessProbe|readinessProbe|startupProbe.httpGet|tcpSocket.host', unset, 'must not be set'],
  ['lifecycle.postStart|preStop.httpGet|tcpSocket.host', unset, 'must not be set'],
  ['ports.*.hostPort', unset, 'must not be set'],
  ...inBoth,
]
const inLinuxContainers: readonly Restriction[] = [
  [`${at}.capabilities.add.*`, (name) => name === 'NET_BIND_SERVICE', 'is not allowed'],
]

type Violation = readonly [path: string, message: string]

/** Every pod passes the Pod Security level "restricted", each of its containers included. */
export function checkPodSecurity(render: Render): Problem[] {
  return podsOf(render.objects).flatMap((pod) => {
    const { spec, path } = pod
    const object = nameOf(pod.owner)
    const say = (prefix: string, where: string, found: readonly Violation[]): Problem[] =>
      found.map(([place, message]) => {
        return { rule, object, path: `${prefix}.${place}`, message: message + where }
      })
    return [
      ...say(path, '.', [...broken(spec, inPods), ...appArmorAnnotations(pod)]),
      ...containersOf(pod).flatMap(({ container, path: inside }) =>
        say(inside, ` (container ${container.name}).`, [
          ...broken(container, inContainers),
          ...missing(container, spec.securityContext ?? {}, spec.os?.name !== 'windows'),
        ]),
      ),
    ]
  })
}

function broken(root: object, restrictions: readonly Restriction[]): Violation[] {
  return restrictions.flatMap(([pattern, allowed, message]) =>
    findAll(root, pattern)
      .filter(({ value }) => !allowed(value))
      .map(({ path }) => [path, message] as const),
  )
}

function typeOf(volume: Volume): string {
  return Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir'
}

function appArmorAnnotations({ metadata }: PodView): Violation[] {
  return Object.entries(metadata.annotations ?? {})
    .filter(([key]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/'))
    .filter(([, value]) => !/^(runtime\/default|localhost\/.*|)$/.test(value))
    .map(([key]) => [
      appendStep('annotations', key),
      'only runtime/default and localhost/ are allowed',
    ])
}

// What a container must have, some of it from its pod.
function missing(container: Container, pod: PodSecurityContext, isLinux: boolean): Violation[] {
  const context = container.securityContext ?? {}
  const found: Violation[] = []
  if ((context.runAsNonRoot ?? pod.runAsNonRoot) !== true)
    found.push([`${at}.runAsNonRoot`, 'must be true here or in the pod'])
  if (!isLinux) return found
  if (context.allowPrivilegeEscalation !== false)
    found.push([`${at}.allowPrivilegeEscalation`, 'must be false'])
  if (!context.seccompProfile && !pod.seccompProfile)
    found.push([`${at}.seccompProfile`, 'must be set here or in the pod'])
  if (!context.capabilities?.drop?.includes('ALL'))
    found.push([`${at}.capabilities.drop`, 'must contain ALL'])
  return [...found, ...broken(container, inLinuxContainers)]
}
