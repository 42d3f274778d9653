// Programs that write values files may only make text: "3000". It must render as the number does.
import { isRecord } from 'chart-harness'
import { expect, test } from 'vitest'
import { everything, external, mail, operated, stores } from './components.ts'
import { defaults, fits, merge, render, type Values, valuesAt } from './render.ts'

/** Every number of these values, by its path, unless the schema insists on a number. */
function numbersIn(values: object, path: readonly string[] = []): (readonly [string, number])[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const at = [...path, key]
    if (isRecord(value)) return numbersIn(value, at)
    const place = at.join('.')
    const isMeant = typeof value === 'number' && fits(valuesAt(place, String(value)))
    return isMeant ? [[place, value] as const] : []
  })
}

const more = {
  networkPolicy: { egress: { enabled: true } },
  smtp: { ...mail, port: 2525 },
  web: {
    ...{ replicas: 3, minThreads: 2, progressDeadlineSeconds: 1_200_000 },
    service: { type: 'NodePort', port: 80, nodePort: 30080 },
    autoscaling: { enabled: true, minReplicas: 3 },
  },
  streaming: { replicas: 2, terminationGracePeriodSeconds: 77, pdb: { enabled: true } },
}
const elsewhere = {
  ...{ ...external, import: { database: { enabled: false } } },
  postgresql: { ...external.postgresql, port: 6432, direct: { host: 'db', port: 5433 } },
}
const fractions = {
  mastodon: { limits: { followsRatio: 1.5 } },
  auth: {
    saml: {
      ...{ enabled: true, allowedClockDrift: 0.5, idpCert: 'x' },
      idpSsoTargetUrl: 'https://id.example.com',
    },
  },
  telemetry: {
    ...{ endpoint: 'http://collector:4318', timeout: 5000 },
    ...{ sampler: 'traceidratio', samplerArg: 0.25 },
  },
}
const cluster = operated({ instances: 3, pooler: { enabled: true, instances: 2 } })
const budget = { web: { replicas: 3, pdb: { minAvailable: 2 } } }
const bucket = merge(stores.s3 ?? {}, { objectStorage: { s3: { batchDeleteLimit: 500 } } })

test.each<[string, Values]>([
  ['with all components', merge(everything, more)],
  ['with databases elsewhere', merge(everything, more, elsewhere)],
  ['with an operator, and numbers of services', merge(more, fractions, cluster, budget, bucket)],
])('%s, text with digits renders as the number', async (_, values) => {
  const numbers = numbersIn(merge(defaults, values))
  expect(numbers.length).toBeGreaterThan(25)
  const texts = numbers.map(([path, value]) => valuesAt(path, String(value)))
  const [first, second] = [await render(values), await render(merge(values, ...texts))]
  expect(second.objects).toEqual(first.objects)
})

test.each([
  ['web.replicas', 'two'],
  ['web.replicas', '2.5'],
  ['web.service.port', '0'],
  ['web.service.port', '65536'],
  // YAML and Go read it as octal.
  ['web.service.port', '080'],
  ['sidekiq.concurrency', '0'],
  ['telemetry.samplerArg', '1.5'],
  ['mastodon.limits.followsRatio', '01'],
  ['objectStorage.s3.batchDeleteLimit', '1001'],
  ['web.pdb.maxUnavailable', 'one'],
  // Only what is like Kubernetes insists on numbers, and switches on true and false.
  ['web.probes.readiness.periodSeconds', '5'],
  ['pod.podSecurityContext.runAsUser', '991'],
  ['ingress.enabled', 'true'],
])('%s: %j is refused', (path, value) => {
  expect(fits(valuesAt(path, value))).toBe(false)
})
