// What the schema refuses, in Helm's own words.
import { isRecord, nameOf } from 'chart-harness'
import { describe, expect, test } from 'vitest'
import { chartFile, defaults, merge, render, type Values, valuesAt, violations } from './render.ts'

const one = { name: 'one' }

/** A path, a value of a wrong shape there, what Helm says, and where inside the value Helm sees the fault. */
const wrong: readonly (readonly [string, unknown, RegExp, string?])[] = [
  ['webb', {}, /not a known key/],
  ['web.replica', 2, /not a known key/],
  ['web.replicas', 'two', /a whole number/],
  ['mastodon.localDomain', 5, /must be string/],
  ['streaming.replicas', -1, /at least 0/],
  ['smtp.port', 70000, /at most 65.?535/],
  ['storage.system.type', 'nsf', /dynamic, nfs, hostPath, existingClaim, emptyDir/],
  ['web.service.loadBalancerSourceRanges', ['::/129'], /an address range \(CIDR\) such as/, '[0]'],
  [
    'mastodon.localDomain',
    'https://a.b',
    /a host name in lower-case letters, without scheme, port and path/,
  ],
  ['storage.system.size', '20GB', /a quantity such as 500m or 2Gi/],
  ['sidekiq.workers', [{ name: 'a' }], /is required/, '[0].queues'],
  ['envFrom', [{ configMapRef: one, secretRef: one }], /not allowed here/, '[0].secretRef'],
  ['web.envFrom', [{ prefix: 'A_' }], /is required/, '[0].secretRef'],
]

describe.each([3, 4] as const)('Helm %i', (helm) => {
  test.for(wrong)('refuses %s: %j', async ([path, value, text, inside = '']) => {
    const [found = '', ...more] = await violations(valuesAt(path, value), { helm })
    expect(found.split(': ')[0]).toBe(`${path}${inside}`)
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
