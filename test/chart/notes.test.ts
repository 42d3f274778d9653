import { expect, test } from 'vitest'
import { appVersion, chartFile, render, type Values } from './render.ts'

const notes = async (values: Values = {}) =>
  (await render(values, { namespace: 'social', release: 'fedi', showNotes: true })).notes

const domain = { localDomain: 'example.com' }
const admin = { enabled: true, username: 'alice', email: 'alice@example.com' }

test('the notes say what was installed where', async () => {
  expect(await notes()).toContain(
    `Mastodon ${appVersion} is being started as release fedi in namespace social.`,
  )
})

test('the notes ask for a domain while there is a placeholder', async () => {
  expect(await notes()).toContain('DOMAIN: this instance has a placeholder as domain')
  expect(await notes({ mastodon: domain })).not.toContain('DOMAIN:')
})

test('the notes say how to look at an instance that nothing leads to', async () => {
  const text = await notes({ mastodon: domain, web: { service: { port: 80 } } })
  expect(text).toContain('kubectl -n social port-forward service/fedi-mastodon-web 3000:80')
  expect(text).toContain("curl -H 'Host: example.com'")
})

test('the notes name the address of the Ingress', async () => {
  const values: Values = {
    mastodon: { ...domain, webDomain: 'social.example.com' },
    ingress: { enabled: true },
  }
  expect(await notes(values)).toContain('ADDRESS: https://social.example.com')
  expect(await notes({ ...values, ingress: { enabled: true, hosts: ['a.example'] } })).toContain(
    'ADDRESS: https://a.example',
  )
})

test('the notes name the first host of an Ingress', async () => {
  const ingress = { enabled: true, hosts: ['a.example', 'b.example'] }
  expect(await notes({ mastodon: domain, ingress })).toContain('ADDRESS: https://a.example')
})

test('the notes name the Services behind a load balancer', async () => {
  const text = await notes({ mastodon: domain, web: { service: { type: 'LoadBalancer' } } })
  expect(text).toContain('must send https://example.com to web')
  expect(text).toContain('kubectl -n social get services -l app.kubernetes.io/instance=fedi')
})

test('the notes say how to follow the migration', async () => {
  expect(await notes()).toContain('app.kubernetes.io/component=migrate')
  expect(await notes()).toContain('--timeout 30m')
})

test('the notes say how to make an administrator', async () => {
  expect(await notes({ web: { name: 'front' } })).toContain(
    'kubectl -n social exec deployment/front -c main -- tootctl accounts create',
  )
})

test('the notes say where the password of the administrator is', async () => {
  const text = await notes({ mastodon: { ...domain, admin } })
  expect(text).toContain('the account alice')
  expect(text).toContain('kubectl -n social get secret fedi-mastodon-admin')
  expect(text).not.toContain('tootctl accounts create')
})

test.each([
  ['a Secret', { secrets: { existingSecret: 'mine' } }],
  ['the environment', { secrets: { fromEnv: true }, envFrom: [{ secretRef: { name: 'mine' } }] }],
] satisfies [string, Values][])('the notes leave keys in %s to the user', async (_, values) => {
  expect(await notes(values)).not.toContain('KEYS:')
})

test.each([
  ['maintenance', { maintenance: true }, 'MAINTENANCE:'],
  ['migrations that are held', { jobs: { postMigrate: { hold: true } } }, 'HELD:'],
  [
    'a database that is lost with its pod',
    { storage: { postgresql: { type: 'emptyDir' } } },
    'WARNING: storage.postgresql.type is emptyDir',
  ],
  [
    'media that are lost with their pod',
    { storage: { system: { type: 'emptyDir' } } },
    'WARNING: storage.system.type is emptyDir',
  ],
] satisfies [string, Values, string][])('the notes tell of %s', async (_, values, text) => {
  expect(await notes(values)).toContain(text)
  expect(await notes()).not.toContain(text)
})

test.each([
  ['postgresql', { postgresql: { mode: 'external', host: 'db.example.com' } }],
  ['system', { objectStorage: { type: 's3', s3: { bucket: 'media' } } }],
] satisfies [string, Values][])(
  'the notes warn of no emptyDir for %s that no pod mounts',
  async (set, values) => {
    expect(await notes({ ...values, storage: { [set]: { type: 'emptyDir' } } })).not.toContain(
      'WARNING',
    )
  },
)

test('the notes tell of an import where there is one', async () => {
  const values: Values = {
    ...{ secrets: { fromEnv: true }, envFrom: [{ secretRef: { name: 'keys' } }] },
    import: { database: { enabled: true, server: { host: 'old.example.com' } } },
  }
  const text = await notes(values)
  expect(text).toContain('IMPORT: everything waits')
  expect(text).toContain('instance=fedi,app.kubernetes.io/component=import-database')
  expect(await notes()).not.toContain('IMPORT:')
})

test('the notes show no secret', async () => {
  const text = await notes({
    postgresql: { password: { value: 'correct-horse' } },
    secretEnv: { SECRET_KEY_BASE: 'correct-horse' },
  })
  expect(text).not.toContain('correct-horse')
})

test('the notes say how to keep the keys', async () => {
  const text = await notes({ mastodon: domain })
  expect(text).toContain('KEYS: the Secret fedi-mastodon-keys holds')
  expect(text).toContain(
    'kubectl -n social get secret fedi-mastodon-keys -o yaml > mastodon-keys.yaml',
  )
})

// A sentence that no values bring to light would be lost without anybody noticing.
test('every line of the notes is shown to somebody', async () => {
  const shown = await Promise.all(
    [
      {},
      { maintenance: true, jobs: { postMigrate: { hold: true } } },
      { mastodon: { ...domain, admin }, web: { service: { type: 'LoadBalancer' } } },
      {
        import: { database: { enabled: true, server: { host: 'old.example.com' } } },
        secrets: { fromEnv: true },
        envFrom: [{ secretRef: { name: 'keys' } }],
      },
      { storage: { system: { type: 'emptyDir' }, postgresql: { type: 'emptyDir' } } },
    ].map((values) => notes(values as Values)),
  )
  const lines = chartFile('templates/NOTES.txt')
    .split('\n')
    .map((line) => line.trim())
  const plain = lines.filter((line) => line !== '' && !line.includes('{{'))
  expect(plain.length).toBeGreaterThan(9)
  expect(plain.filter((line) => !shown.join('\n').includes(line))).toEqual([])
})
