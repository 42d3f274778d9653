import type {
  Container,
  PodSecurityContext,
  SeccompProfile,
  SecurityContext,
  Volume,
} from 'kubernetes-types/core/v1.d.ts'
import { nameOf } from '../objects/manifests.ts'
import { appendStep } from '../objects/paths.ts'
import { containersOf, podsOf } from '../objects/pods.ts'
import type { ContainerView, PodView, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

const rule = 'pod-security'
const at = 'securityContext'
const allowedVolumes: ReadonlySet<string> = new Set([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
])
const allowedSysctls: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.tcp_wmem',
])
const allowedSelinuxTypes: ReadonlySet<string> = new Set([
  '',
  'container_engine_t',
  'container_init_t',
  'container_kvm_t',
  'container_t',
])

/** Every pod passes the Pod Security level "restricted", each of its containers included. */
export function checkPodSecurity(render: Render): Problem[] {
  return podsOf(render.objects).flatMap((pod) => [
    ...podProblems(pod),
    ...containersOf(pod).flatMap(containerProblems),
  ])
}

type Finding = readonly [path: string, message: string]

function podProblems(pod: PodView): Problem[] {
  const { spec, path } = pod
  const found: Finding[] = []
  for (const key of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
    if (spec[key]) found.push([key, 'must not be true'])
  }
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const type = volumeType(volume)
    if (!allowedVolumes.has(type)) found.push([`volumes[${index}]`, `type ${type} is not allowed`])
  }
  const context = spec.securityContext ?? {}
  for (const { name } of context.sysctls ?? []) {
    if (!allowedSysctls.has(name)) found.push(['securityContext.sysctls', `${name} is not allowed`])
  }
  if (context.windowsOptions?.hostProcess)
    found.push(['securityContext.windowsOptions', 'hostProcess must not be true'])
  found.push(...sharedFindings(context))
  found.push(...appArmorAnnotations(pod))
  return found.map(([place, message]) => ({
    rule,
    object: nameOf(pod.owner),
    path: `${path}.${place}`,
    message: `${message}.`,
  }))
}

function volumeType(volume: Volume): string {
  return Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir'
}

function appArmorAnnotations({ metadata }: PodView): Finding[] {
  return Object.entries(metadata.annotations ?? {})
    .filter(([key]) => key.startsWith('container.apparmor.security.beta.kubernetes.io/'))
    .filter(
      ([, value]) => value !== 'runtime/default' && !value.startsWith('localhost/') && value !== '',
    )
    .map(([key]) => [
      appendStep('annotations', key),
      'only runtime/default and localhost/ are allowed',
    ])
}

type SharedContext = Pick<
  SecurityContext,
  'runAsNonRoot' | 'runAsUser' | 'seccompProfile' | 'seLinuxOptions' | 'appArmorProfile'
>

function sharedFindings(context: SharedContext): Finding[] {
  const found: Finding[] = []
  const { runAsNonRoot, runAsUser, seccompProfile, seLinuxOptions, appArmorProfile } = context
  if (runAsNonRoot === false) found.push([`${at}.runAsNonRoot`, 'must not be false'])
  if (runAsUser === 0) found.push([`${at}.runAsUser`, 'must not be 0'])
  if (seccompProfile && !isSeccompAllowed(seccompProfile)) {
    found.push([`${at}.seccompProfile`, 'must be RuntimeDefault or Localhost'])
  }
  if (!allowedSelinuxTypes.has(seLinuxOptions?.type ?? ''))
    found.push([`${at}.seLinuxOptions.type`, 'is not allowed'])
  if (seLinuxOptions?.user || seLinuxOptions?.role)
    found.push([`${at}.seLinuxOptions`, 'must not set user or role'])
  if (appArmorProfile?.type === 'Unconfined')
    found.push([`${at}.appArmorProfile`, 'must not be Unconfined'])
  return found
}

function isSeccompAllowed({ type }: SeccompProfile): boolean {
  return type === 'RuntimeDefault' || type === 'Localhost'
}

function containerProblems({ owner, pod, container, path }: ContainerView): Problem[] {
  const context = container.securityContext ?? {}
  const own = pod.spec.securityContext ?? {}
  const found: Finding[] = [...sharedFindings(context), ...hostFindings(container)]
  if (context.privileged) found.push([`${at}.privileged`, 'must not be true'])
  if ((context.runAsNonRoot ?? own.runAsNonRoot) !== true)
    found.push([`${at}.runAsNonRoot`, 'must be true here or in the pod'])
  if (context.procMount && context.procMount !== 'Default')
    found.push([`${at}.procMount`, 'must be Default'])
  if (context.windowsOptions?.hostProcess)
    found.push([`${at}.windowsOptions`, 'hostProcess must not be true'])
  if (pod.spec.os?.name !== 'windows') found.push(...linuxFindings(context, own))
  return found.map(([place, message]) => ({
    rule,
    object: nameOf(owner),
    path: `${path}.${place}`,
    message: `${message} (container ${container.name}).`,
  }))
}

function linuxFindings(context: SecurityContext, own: PodSecurityContext): Finding[] {
  const found: Finding[] = []
  if (context.allowPrivilegeEscalation !== false)
    found.push([`${at}.allowPrivilegeEscalation`, 'must be false'])
  if (!context.seccompProfile && !own.seccompProfile)
    found.push([`${at}.seccompProfile`, 'must be set here or in the pod'])
  if (!context.capabilities?.drop?.includes('ALL')) {
    found.push([`${at}.capabilities.drop`, 'must contain ALL'])
  }
  for (const name of context.capabilities?.add ?? []) {
    if (name !== 'NET_BIND_SERVICE') {
      found.push([`${at}.capabilities.add`, `${name} is not allowed`])
    }
  }
  return found
}

function hostFindings(container: Container): Finding[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle, ports = [] } = container
  const handlers = {
    livenessProbe,
    readinessProbe,
    startupProbe,
    'lifecycle.postStart': lifecycle?.postStart,
    'lifecycle.preStop': lifecycle?.preStop,
  }
  return [
    ...Object.entries(handlers).flatMap(([name, handler]): Finding[] =>
      handler?.httpGet?.host || handler?.tcpSocket?.host ? [[name, 'must not name a host']] : [],
    ),
    ...ports.flatMap(({ hostPort }, index): Finding[] =>
      hostPort ? [[`ports[${index}].hostPort`, 'must not be set']] : [],
    ),
  ]
}
