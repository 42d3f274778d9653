// The data of chart/files/variables.json: every value becomes the variable that its readers look for, every credential
// stays in a Secret. A new entry needs no test of its own.
import { isDeepStrictEqual } from 'node:util'
import { canary, checkSecretLeaks, containsSecret, type Render, valuesIn } from 'chart-harness'
import { expect, test } from 'vitest'
import {
  admin,
  backedUp,
  bucket,
  external,
  hiddenServices,
  importing,
  mail,
  split,
  stores,
} from './components.ts'
import { required as alwaysNeeded, configured, needs as neededBy } from './facilities.ts'
import {
  chartFile,
  fits,
  merge,
  preset,
  render,
  renderAhead,
  type Values,
  valuesAt,
} from './render.ts'
import { asValueOf, type Credential, credentials, type Variable, variables } from './variables.ts'
import { componentOf, dataOf, envOf, secret, viewOf } from './views.ts'

type Json = { readonly [key: string]: Json | undefined }
const schema = JSON.parse(chartFile('values.schema.json')) as Json

/** The words that the schema allows at a path, if it lists them. */
function wordsAt([key, ...rest]: readonly string[], node: Json | undefined): readonly unknown[] {
  const path = key === undefined ? [] : [key, ...rest]
  if (typeof node?.$ref === 'string') {
    const steps = String(node.$ref).split('/').slice(1)
    return wordsAt(
      path,
      steps.reduce<Json | undefined>((at, step) => at?.[step], schema),
    )
  }
  if (key !== undefined) return node ? wordsAt(rest, node.properties?.[key]) : []
  return Array.isArray(node?.enum) ? node.enum : []
}

/** A value that the schema accepts at the path, other than the default. */
function sampleAt(path: string): unknown {
  const texts = [
    'some text',
    'some/text',
    'a.example',
    'https://a.example',
    'wss://a.example',
    '/etc/a.crt',
    'de',
    'a@b.example',
    'abc',
    '10s',
    '(a=b)',
  ]
  const lists = [
    ['openid', 'email'],
    ['192.0.2.7', '198.51.100.0/24'],
    ['a.example', 'b.example'],
    ['https://a.example', 'https://b.example'],
    ['a=b', 'c=d'],
    ['baggage', 'none'],
  ]
  const credential = { value: 'x' }
  const all = [
    ...wordsAt(path.split('.'), schema),
    true,
    false,
    7,
    0.5,
    ...texts,
    ...lists,
    credential,
  ]
  const found = all.find(
    (value) =>
      value !== preset(path) && value !== '' && value !== null && fits(valuesAt(path, value)),
  )
  if (found === undefined) throw new Error(`no sample for ${path}: add one to this list`)
  return found
}

function textOf(value: unknown, join: string | undefined): string {
  if (Array.isArray(value)) return value.join(join)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

// What rules across keys require.
const base: Values = {
  ...configured,
  mastodon: { localDomain: 'example.com', image: { tag: 'v4.8.0' } },
  postgresql: { ...external.postgresql, replica: { host: 'replica.example.com' } },
  smtp: { ...mail, server: '', password: { value: 'x' }, bulk: { password: { value: 'x' } } },
}
const storeKeys = (store: string, keys: readonly string[]) =>
  keys.map((key) => `objectStorage.${store}.${key}`)
// Refused when another store is used.
const named = [
  ...['objectStorage.s3.bucket', 'objectStorage.s3.endpoint', 'objectStorage.swift.container'],
  ...['objectStorage.azure.containerName', 'search.host', 'search.user'],
]
const required = [
  ...alwaysNeeded,
  ...['smtp.fromAddress', 'objectStorage.s3.bucket', 'search.host'],
  ...storeKeys('swift', ['container', 'authUrl', 'objectUrl', 'username']),
  ...storeKeys('azure', ['storageAccount', 'containerName', 'aliasHost']),
]
const searching = {
  search: { host: 'search.example.com' },
  envFrom: [{ secretRef: { name: 'es' } }],
}
const beside: Record<string, Values> = {
  'web.minThreads': { web: { maxThreads: 9 } },
  'search.port': searching,
  'search.user': searching,
  'search.preset': { search: { mode: 'external', host: 'search.example.com' } },
  'mastodon.mediaPath': { mastodon: { mediaUrl: '/media' } },
  'objectStorage.s3.overridePathStyle': {
    objectStorage: { s3: { endpoint: 'https://s3.example.com' } },
  },
  'objectStorage.s3.permission': { objectStorage: { s3: { aliasHost: 'media.example.com' } } },
}

/** The value, and what its facility needs. */
function set({ key, when, is }: Variable, value: unknown): Values {
  const switched = [is ?? []].flat()[0]
  const on = when ? valuesAt(when, switched ?? sampleAt(when)) : {}
  const store = when === 'objectStorage.type' ? (stores[switched ?? ''] ?? {}) : {}
  const needed = merge(store, neededBy[when ?? key] ?? {}, neededBy[key] ?? {}, beside[key] ?? {})
  return merge(base, on, needed, valuesAt(key, value))
}

/** The variables that each kind of reader gets, from its ConfigMap or from the `env` of a component. */
function readersOf(chart: Render, name: string): Record<string, string | undefined> {
  const inEnv = (component: string) =>
    viewOf(chart, component).main.env?.find((variable) => variable.name === name)?.value
  return {
    ruby: dataOf(chart)[name],
    node: dataOf(chart, 'mastodon-streaming-env')[name],
    ...{ web: inEnv('web'), sidekiq: inEnv('sidekiq-all') },
  }
}

/** What `readersOf` finds if the readers of the variable get this text. */
function expectedReaders({ readers }: Variable, text: string | undefined): object {
  const kinds = readers === 'both' ? ['ruby', 'node'] : [readers ?? 'ruby']
  return Object.fromEntries(kinds.map((kind) => [kind, text]))
}

const samples = variables
  .filter(({ key }) => key !== 'objectStorage.s3.protocol') // the rules refuse all but the default
  .map((row) => ({ ...row, value: sampleAt(row.key) }))
const blanks = variables
  .filter(({ key }) => !required.includes(key))
  .flatMap((row) => [null, '', [], 0, false].map((value) => ({ ...row, value })))
  .filter(({ key, value }) => (value === null ? preset(key) === null : fits(valuesAt(key, value))))
await renderAhead([...samples, ...blanks].map((row) => set(row, row.value)))

/** What the readers find, without those that find nothing. */
async function foundBy(row: Variable, values: Values): Promise<object> {
  const found = Object.entries(readersOf(await render(values), row.name))
  return Object.fromEntries(found.filter(([, text]) => text !== undefined))
}

test.each(samples)('$key becomes $name, for its readers only', async (row) => {
  const found = await foundBy(row, set(row, row.value))
  expect(found).toEqual(expectedReaders(row, textOf(row.value, row.join)))
})

test.each(samples.filter(({ when, key }) => when && !named.includes(key)))(
  '$key becomes no variable while its facility is off',
  async (row) => {
    const off = row.when === row.key ? {} : valuesAt(row.key, row.value)
    expect(await foundBy(row, off)).toEqual({})
  },
)

test.each(blanks)('$name with $value: 0 and false are values, empty ones are not', async (row) => {
  const isText = row.value === '' ? row.emptyIsMeaningful : typeof row.value === 'number'
  const isShown = row.value === false ? !row.omitFalse : isText
  const expected = isShown ? expectedReaders(row, textOf(row.value, row.join)) : {}
  expect(await foundBy(row, set(row, row.value))).toEqual(expected)
})

// Everything is on, so that something needs each credential.
const search = { mode: 'external', host: 'https://search.example.com' }
const on = merge(admin, importing, bucket, hiddenServices, { smtp: mail, search })
const bucketOfBackups = { destinationPath: 's3://backups' }
const other = { existingSecret: 'bucket', key: 'other-half' }
const s3 = (block: object): Values => ({ objectStorage: { s3: block } })
const url = { existingSecret: 'outside', key: 'url' }
const needs: Record<string, Values> = {
  'objectStorage.s3.accessKeyId': s3({ secretAccessKey: other }),
  'objectStorage.s3.bucketFrom': s3({ bucket: '' }),
  'objectStorage.s3.endpointFrom': s3({ hostname: 's3.example.com' }),
  'objectStorage.s3.regionFrom': s3({ hostname: 's3.eu-central-1.amazonaws.com' }),
  'objectStorage.s3.secretAccessKey': s3({ accessKeyId: other }),
  'postgresql.cloudnativepg.backup.accessKeyId': backedUp({
    ...bucketOfBackups,
    secretAccessKey: { value: 'x' },
  }),
  'postgresql.cloudnativepg.backup.secretAccessKey': backedUp({
    ...bucketOfBackups,
    accessKeyId: { value: 'x' },
  }),
  'postgresql.ca': { postgresql: external.postgresql },
  'postgresql.direct.url': { postgresql: { mode: 'external', url } },
  'postgresql.replica.password': {
    postgresql: { ...external.postgresql, replica: { host: 'replica.example.com' } },
  },
  'postgresql.replica.url': { postgresql: external.postgresql },
  'postgresql.url': { postgresql: { mode: 'external' } },
  'search.password': { search: { user: 'fedi' } },
  ...Object.fromEntries(
    ['redis', 'redis.cache', 'redis.sidekiq'].flatMap((path) => {
      const sentinel = { addresses: ['sentinel.example.com'], master: 'fedi' }
      return [
        [`${path}.url`, valuesAt(path, { mode: 'external' })],
        [`${path}.sentinel.password`, valuesAt(path, { mode: 'external', sentinel })],
        ...(path === 'redis' ? [] : [[`${path}.password`, valuesAt(path, { mode: 'embedded' })]]),
      ]
    }),
  ),
  'captcha.secretKey': { captcha: { siteKey: 'site' } },
  'translation.libreTranslate.apiKey': {
    translation: { libreTranslate: { endpoint: 'https://a.example' } },
  },
}
const withCredential = ({ key }: Credential, value: object) =>
  render(merge(on, needs[key] ?? {}, valuesAt(key, value)))

/** The components whose pods read this key of a Secret, or let an operator read it. */
function usersOf(chart: Render, name: string, key: string): string[] {
  const wanted = secret(name, key)
  const users = chart.pods().filter(({ spec }) => {
    const containers = [...(spec.initContainers ?? []), ...spec.containers]
    return (
      spec.volumes?.some((volume) => volume.secret?.secretName === name) ||
      containers.some(({ envFrom }) => envFrom?.some((from) => from.secretRef?.name === name)) ||
      containers.some((each) =>
        Object.values(envOf(each)).some((v) => isDeepStrictEqual(v, wanted)),
      )
    )
  })
  const backups = chart.objects.filter(
    ({ kind, spec }) =>
      kind === 'ObjectStore' &&
      valuesIn(spec).some(({ value }) => isDeepStrictEqual(value, { name, key })),
  )
  const metadata = [
    ...users.map(({ owner }) => owner.metadata),
    ...backups.map((one) => one.metadata),
  ]
  return metadata.map(componentOf).sort()
}

const withValue = credentials.filter(({ key }) => fits(valuesAt(key, { value: 'x' })))

test.each(withValue)(
  'the value of $key is only in a Secret, which those read who would read one of the user',
  async (row) => {
    const value = asValueOf(row.key, canary(row.key))
    const chart = await withCredential(row, { value })
    expect(chart).toHaveNoProblems(checkSecretLeaks(chart, [value]))
    const [own] = chart
      .all('Secret')
      .filter(({ stringData }) => Object.values(stringData ?? {}).includes(value))
    const entry = Object.entries(own?.stringData ?? {}).find(([, text]) => text === value)
    const users = usersOf(chart, own?.metadata.name ?? '', entry?.[0] ?? '')
    const reference = await withCredential(row, { existingSecret: 'mine', key: 'word' })
    expect(users).toEqual(usersOf(reference, 'mine', 'word'))
  },
)

const elsewhere = /^(redis\..*(url|sentinel.*)|postgresql\.(url|direct|replica).*)$/
const together = withValue.map(({ key }) => key).filter((key) => !elsewhere.test(key))

test.each([3, 4] as const)('all credentials stay in Secrets with Helm %i', async (helm) => {
  const values = together.map((key) => valuesAt(key, { value: asValueOf(key, canary(key)) }))
  // What two of the credentials are for.
  const env = { HCAPTCHA_SITE_KEY: 'site', LIBRE_TRANSLATE_ENDPOINT: 'https://a.example' }
  const more = { env, search: { user: 'fedi' }, secretEnv: { API_KEY: canary('secretEnv') } }
  const chart = await render(merge(on, split, ...values, more), { helm, showNotes: true })
  const secrets = [...together, 'secretEnv'].map(canary)
  expect(chart).toHaveNoProblems(checkSecretLeaks(chart, secrets))
  expect(secrets.filter((text) => containsSecret(chart.notes, text))).toEqual([])
})

test.each(credentials)('$key is read from a Secret of the user by all who need it', async (row) => {
  const chart = await withCredential(row, { existingSecret: 'mine', key: 'word' })
  const users = usersOf(chart, 'mine', 'word')
  expect(users).not.toEqual([])
  const rubies = usersOfEnvironment(chart)
  if (users.includes('web')) expect(users).toEqual(expect.arrayContaining(rubies))
  if (row.env === undefined) return
  for (const user of users.includes('web') ? rubies : users)
    expect(viewOf(chart, user).env[row.env], user).toEqual(secret('mine', 'word'))
})

/** The components that run Mastodon's Ruby code. */
function usersOfEnvironment(chart: Render): string[] {
  const pods = chart.pods(({ spec }) =>
    spec.containers.some(({ envFrom }) =>
      envFrom?.some(({ configMapRef }) => configMapRef?.name === 'mastodon-env'),
    ),
  )
  return pods.map(({ owner }) => componentOf(owner.metadata))
}
