// What the schema refuses, in Helm's own words.
import { isRecord, nameOf } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { chartFile, defaults, merge, render, type Values, valuesAt, violations } from './render.ts'

const ranges = { type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.0/99'] }

/** Values of a wrong shape, the path that Helm names, and what it says there. */
const wrong: readonly (readonly [string, object, string, RegExp])[] = [
  ['an unknown key at the top', { webb: {} }, 'webb', /not a known key/],
  ['an unknown key inside', { web: { replica: 2 } }, 'web.replica', /not a known key/],
  ['a word for a number', { web: { replicas: 'two' } }, 'web.replicas', /must be .*integer/],
  [
    'a number for a word',
    { mastodon: { localDomain: 5 } },
    'mastodon.localDomain',
    /must be string/,
  ],
  ['fewer than none', { streaming: { replicas: -1 } }, 'streaming.replicas', /at least 0/],
  ['a port out of range', { smtp: { port: 70000 } }, 'smtp.port', /at most 65.?535/],
  [
    'a word outside of a list',
    { storage: { system: { type: 'nsf' } } },
    'storage.system.type',
    /dynamic, nfs, existingClaim, emptyDir/,
  ],
  [
    'a malformed range of addresses',
    { web: { service: ranges } },
    'web.service.loadBalancerSourceRanges[0]',
    /an address range \(CIDR\) such as 10\.0\.0\.0\/8/,
  ],
  [
    'a domain with a scheme',
    { mastodon: { localDomain: 'https://example.com' } },
    'mastodon.localDomain',
    /a host name without scheme, port and path/,
  ],
  [
    'a malformed quantity',
    { storage: { system: { size: '20GB' } } },
    'storage.system.size',
    /a quantity such as 500m or 2Gi/,
  ],
  [
    'a worker without queues',
    { sidekiq: { workers: [{ name: 'a' }] } },
    'sidekiq.workers[0].queues',
    /is required/,
  ],
  [
    'two sources in one item of envFrom',
    { envFrom: [{ configMapRef: { name: 'a' }, secretRef: { name: 'b' } }] },
    'envFrom[0].secretRef',
    /not allowed here/,
  ],
  [
    'an item of envFrom without a source',
    { web: { envFrom: [{ prefix: 'A_' }] } },
    'web.envFrom[0].secretRef',
    /is required/,
  ],
]

describe.each([3, 4] as const)('Helm %i', (helm) => {
  test.each(wrong)('refuses %s', async (_, values, path, text) => {
    const [found = '', ...more] = await violations(values, { helm })
    expect(found.slice(0, path.length + 2)).toBe(`${path}: `)
    expect(found).toMatch(text)
    expect(more).toEqual([])
  })

  test('lists all that is wrong at once', async () => {
    const values = { webb: {}, web: { replicas: 'two' }, smtp: { port: 70000 } }
    const paths = (await violations(values, { helm })).map((line) => line.split(':')[0])
    expect(paths).toEqual(['smtp.port', 'web.replicas', 'webb'])
  })
})

// A key with nothing behind it is null in YAML: Helm removes the chart's default, and the schema says which keys must
// not be removed.
interface Needs {
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Needs>>
}

const schema = JSON.parse(chartFile('values.schema.json')) as { readonly allOf: readonly Needs[] }
const needed = schema.allOf.flatMap((needs) => namesOf(needs))

function namesOf({ required = [], properties = {} }: Needs): string[] {
  const below = Object.entries(properties).flatMap(([key, needs]) =>
    namesOf(needs).map((name) => `${key}.${name}`),
  )
  return [...required, ...below]
}

/** The keys of values.yaml, parents before their children. */
function keysOf(table: object): string[] {
  return Object.entries(table).flatMap(([key, value]) => [
    key,
    ...(isRecord(value) ? keysOf(value).map((name) => `${key}.${name}`) : []),
  ])
}

/** Values with nothing behind these keys. */
function blank(names: readonly string[]): Values {
  return merge(...names.map((name) => valuesAt(name, null)))
}

const depthOf = (name: string) => name.split('.').length
const depths = [...new Set(needed.map(depthOf))].sort()

// A blank key hides those below it: so one depth at a time.
describe.each(depths)('keys at depth %i that the chart needs', (depth) => {
  const names = needed.filter((name) => depthOf(name) === depth)

  test.each([3, 4] as const)('are named by Helm %i when they are blank', async (helm) => {
    const found = await violations(blank(names), { helm })
    expect(found).toEqual(
      names.map((name) => `${name}: is required`).sort((a, b) => a.localeCompare(b)),
    )
  })
})

// What Kubernetes needs inside an optional map is required wherever such a map may be.
const neededByKubernetes = /\.(seccompProfile\.type|sleep\.seconds)$/

test('every other key may be blank', async () => {
  const optional = keysOf(defaults).filter(
    (name) => !(needed.includes(name) || neededByKubernetes.test(name)),
  )
  expect(optional).toContain('web.resources')
  const deployments = async (values: Values) => (await render(values)).all('Deployment').map(nameOf)
  expect(await deployments(blank(optional))).toEqual(await deployments({}))
})
