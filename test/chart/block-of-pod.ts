import { type BlockKey, named } from './block-key.ts'

/** Keys that end in the pod. */
export const podSpecKeys: readonly BlockKey[] = [
  {
    key: 'podSecurityContext',
    value: (_, n) => ({ supplementalGroups: [n] }),
    found: ({ pod: { securityContext } }) => ({
      supplementalGroups: securityContext?.supplementalGroups,
    }),
  },
  {
    key: 'nodeSelector',
    value: (mark) => ({ mark }),
    found: ({ pod: { nodeSelector } }) => nodeSelector,
  },
  {
    key: 'tolerations',
    value: (mark) => [{ key: mark, operator: 'Exists', effect: 'NoSchedule' }],
    found: ({ pod: { tolerations } }) => tolerations,
  },
  {
    key: 'affinity',
    value: (mark) => ({
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 1, preference: { matchExpressions: [{ key: mark, operator: 'Exists' }] } },
        ],
      },
    }),
    found: ({ pod: { affinity } }) => affinity,
  },
  {
    key: 'topologySpreadConstraints',
    value: (mark, n) => [
      {
        maxSkew: n,
        topologyKey: mark,
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: { mark } },
      },
    ],
    found: ({ pod: { topologySpreadConstraints } }) => topologySpreadConstraints,
  },
  {
    key: 'priorityClassName',
    value: (mark) => `priority-${mark}`,
    found: ({ pod: { priorityClassName } }) => priorityClassName,
  },
  {
    key: 'runtimeClassName',
    value: (mark) => `runtime-${mark}`,
    found: ({ pod: { runtimeClassName } }) => runtimeClassName,
  },
  {
    key: 'hostAliases',
    value: (mark, n) => [{ ip: `192.0.2.${n}`, hostnames: [mark] }],
    found: ({ pod: { hostAliases } }) => hostAliases,
  },
  {
    key: 'dnsConfig',
    value: (mark) => ({ searches: [mark] }),
    found: ({ pod: { dnsConfig } }) => dnsConfig,
  },
  {
    key: 'terminationGracePeriodSeconds',
    value: (_, n) => 1000 + n,
    found: ({ pod: { terminationGracePeriodSeconds } }) => terminationGracePeriodSeconds,
  },
  { key: 'hostname', value: (mark) => `host-${mark}`, found: ({ pod: { hostname } }) => hostname },
  {
    key: 'subdomain',
    value: (mark) => `sub-${mark}`,
    found: ({ pod: { subdomain } }) => subdomain,
  },
  {
    key: 'volumes',
    value: (mark) => [{ name: `volume-${mark}`, emptyDir: { sizeLimit: '1Mi' } }],
    found: ({ pod: { volumes } }, mark) => named(volumes, `volume-${mark}`),
  },
  {
    key: 'initContainers',
    value: (mark) => [{ name: `init-${mark}`, image: 'example.com/init:1.0.0' }],
    found: ({ pod: { initContainers } }, mark) =>
      named(initContainers, `init-${mark}`)?.map(({ name, image }) => ({ name, image })),
  },
  {
    key: 'sidecars',
    value: (mark) => [{ name: `sidecar-${mark}`, image: 'example.com/sidecar:1.0.0' }],
    // In Jobs they are init containers that run on, or the Job would never end.
    found: ({ pod: { containers, initContainers } }, mark) =>
      named([...containers, ...(initContainers ?? [])], `sidecar-${mark}`)?.map(
        ({ name, image }) => ({ name, image }),
      ),
  },
]
