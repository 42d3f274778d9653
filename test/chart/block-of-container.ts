import { type BlockKey, named } from './block-key.ts'

const probe = (n: number) => ({ exec: { command: ['probe', String(n)] }, periodSeconds: n })

/** Keys that end in the main container. */
export const containerKeys: readonly BlockKey[] = [
  {
    key: 'image',
    value: (mark, n) => ({
      registry: `${mark}.example.com`,
      repository: `${mark}/image`,
      tag: `v9.9.${n}`,
      digest: `sha256:${'0'.repeat(63)}${n % 10}`,
      pullPolicy: 'Always',
    }),
    found: ({ main: { image = '', imagePullPolicy } }) => {
      const parts = /^([^/]+)\/(.+):(.+)@(.+)$/.exec(image)
      const [, registry, repository, tag, digest] = parts ?? []
      const short = tag?.endsWith(':sha256') ? tag.slice(0, -7) : tag
      return { registry, repository, tag: short, digest, pullPolicy: imagePullPolicy }
    },
  },
  { key: 'command', value: (mark) => ['run', mark], found: ({ main }) => main.command },
  { key: 'args', value: (mark) => ['--for', mark], found: ({ main }) => main.args },
  {
    key: 'env',
    value: (mark) => ({
      MARK: mark,
      NODE: { valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
    }),
    found: ({ main }) => {
      const list = [...(named(main.env, 'MARK') ?? []), ...(named(main.env, 'NODE') ?? [])]
      return Object.fromEntries(
        list.map(({ name, value, valueFrom }) => [name, valueFrom ? { valueFrom } : value]),
      )
    },
  },
  {
    key: 'envFrom',
    value: (mark) => [
      { configMapRef: { name: mark } },
      { secretRef: { name: mark }, prefix: 'P_' },
    ],
    found: ({ main }) => main.envFrom?.slice(-2),
  },
  {
    key: 'resources',
    value: (_, n) => ({
      requests: { cpu: `${n}m`, memory: `${n}Mi`, 'ephemeral-storage': `${n}Mi` },
      limits: { cpu: `${n}`, memory: `${n}Gi`, 'ephemeral-storage': `${n}Gi` },
    }),
    found: ({ main }) => main.resources,
  },
  {
    key: 'probes',
    value: (_, n) => ({ startup: probe(n), readiness: probe(n + 20), liveness: probe(n + 40) }),
    found: ({ main: { startupProbe, readinessProbe, livenessProbe } }) => {
      const pick = (given: typeof startupProbe) => ({
        exec: given?.exec,
        periodSeconds: given?.periodSeconds,
      })
      return {
        startup: pick(startupProbe),
        readiness: pick(readinessProbe),
        liveness: pick(livenessProbe),
      }
    },
  },
  {
    key: 'lifecycle',
    value: (mark) => ({ postStart: { exec: { command: ['hello', mark] } } }),
    found: ({ main }) => ({ postStart: main.lifecycle?.postStart }),
  },
  {
    key: 'volumeMounts',
    value: (mark) => [{ name: `volume-${mark}`, mountPath: `/mnt/${mark}`, readOnly: true }],
    found: ({ main }, mark) => named(main.volumeMounts, `volume-${mark}`),
  },
  {
    key: 'securityContext',
    value: (_, n) => ({ runAsUser: 1000 + n }),
    found: ({ main }) => ({ runAsUser: main.securityContext?.runAsUser }),
  },
]
