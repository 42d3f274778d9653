import { expect, test } from 'vitest'
import {
  admin,
  bucket,
  embeddedSearch,
  external,
  importing,
  onion,
  operated,
} from './components.ts'
import { appVersion, chartFile, merge, render, type Values } from './render.ts'

const notes = async (values: Values = {}) =>
  (await render(values, { namespace: 'social', release: 'fedi', showNotes: true })).notes

const domain: Values = { mastodon: { localDomain: 'example.com' } }
const withDomain = (...values: readonly Values[]) => merge(domain, ...values)
const alternate: Values = { mastodon: { alternateDomains: ['a.example', 'b.example'] } }
const ingress = (hosts: readonly string[] = []): Values => ({ ingress: { enabled: true, hosts } })
const gateway = { enabled: true, parentRefs: [{ name: 'public' }] }
const emptyDir = (set: string): Values => ({ storage: { [set]: { type: 'emptyDir' } } })
const fromEnv: Values = {
  secrets: { fromEnv: true },
  envFrom: [{ secretRef: { name: 'mine' } }],
}

test.each<[string, Values, readonly string[]]>([
  [
    'what was installed where',
    {},
    [`Mastodon ${appVersion} is being started as release fedi in namespace social.`],
  ],
  [
    'how to look at an instance that nothing leads to',
    withDomain({ web: { service: { port: 80 } } }),
    [
      'kubectl -n social port-forward service/fedi-mastodon-web 3000:80',
      "curl -H 'Host: example.com'",
    ],
  ],
  [
    'the address of the Ingress',
    withDomain({ mastodon: { webDomain: 'social.example.com' } }, ingress()),
    ['ADDRESS: https://social.example.com'],
  ],
  [
    'the first host of an Ingress',
    withDomain(alternate, ingress(['a.example', 'b.example'])),
    ['ADDRESS: https://a.example'],
  ],
  [
    'the first host of the routes of a Gateway',
    withDomain(alternate, { gateway: { ...gateway, hostnames: ['a.example', 'b.example'] } }),
    ['ADDRESS: https://a.example'],
  ],
  ['that host by default', withDomain({ gateway }), ['ADDRESS: https://example.com']],
  ...[{ type: 'LoadBalancer' }, { type: 'NodePort' }, { externalIPs: ['192.0.2.1'] }].map(
    (service): [string, Values, readonly string[]] => [
      `the Services behind a proxy with ${JSON.stringify(service)}`,
      withDomain({ web: { service } }),
      [
        'must forward https://example.com to web',
        'kubectl -n social get services -l app.kubernetes.io/instance=fedi',
      ],
    ],
  ),
  ['how to follow the migration', {}, ['app.kubernetes.io/component=migrate', '--timeout 30m']],
  [
    'how to make an administrator',
    { web: { name: 'front' } },
    ['kubectl -n social exec deployment/front -c main -- tootctl accounts create'],
  ],
  [
    'how to keep the keys',
    domain,
    [
      'KEYS: the Secret fedi-mastodon-keys contains',
      'kubectl -n social get secret fedi-mastodon-keys -o yaml > mastodon-keys.yaml',
    ],
  ],
])('the notes say %s', async (_, values, texts) => {
  const text = await notes(values)
  for (const expected of texts) expect(text).toContain(expected)
})

const waiting = 'instance=fedi,app.kubernetes.io/component=import-database'

test.each<[string, Values, string, string?]>([
  ['maintenance', { maintenance: true }, 'MAINTENANCE:'],
  ['held migrations', { jobs: { postMigrate: { hold: true } } }, 'HELD:'],
  ['an import', importing, 'IMPORT: everything waits', waiting],
  ['the key that an imported database needs', importing, 'needs OTP_SECRET among the'],
  [
    'what an old database may need',
    external,
    'DATABASE: one last used by Mastodon 4.2 or older needs',
  ],
  ['an operator', operated(), 'DATABASE: CloudNativePG makes it', 'fedi-mastodon-cloudnativepg'],
  ['a database that is lost with its pod', emptyDir('postgresql'), 'WARNING: storage.postgresql'],
  ['media that are lost with their pod', emptyDir('system'), 'WARNING: storage.system'],
  ['an account that was made', admin, 'the account alice', 'get secret fedi-mastodon-admin'],
])('the notes mention %s where there is one', async (_, values, ...texts) => {
  const [own, usual] = [await notes(values), await notes()]
  expect(texts.filter((text = '') => !own.includes(text) || usual.includes(text))).toEqual([])
})

test.each<[string, Values, string]>([
  ['a domain', domain, 'DOMAIN: this instance has a placeholder domain'],
  ['an administrator', admin, 'tootctl accounts create'],
  ['keys in a Secret of the user', { secrets: { existingSecret: 'mine' } }, 'KEYS:'],
  ['keys in the environment', fromEnv, 'KEYS:'],
  [
    'a port on the nodes',
    { web: { service: { type: 'NodePort' } } },
    'ADDRESS: this instance cannot be reached from outside yet',
  ],
  [
    'an address of a node',
    { web: { service: { externalIPs: ['192.0.2.1'] } } },
    'ADDRESS: this instance cannot be reached from outside yet',
  ],
])('the notes leave out what %s makes needless', async (_, values, text) => {
  expect(await notes()).toContain(text)
  expect(await notes(values)).not.toContain(text)
})

test.each<[string, Values]>([
  ['postgresql', { postgresql: external.postgresql }],
  ['system', bucket],
])('the notes do not warn of an emptyDir for %s that no pod mounts', async (set, values) => {
  expect(await notes(merge(values, emptyDir(set)))).not.toContain('WARNING')
})

// A sentence that no values bring to light would be lost without anybody noticing.
test('every line of the notes is shown to somebody', async () => {
  const held: Values = { maintenance: true, jobs: { postMigrate: { hold: true } } }
  const balancer: Values = { web: { service: { type: 'LoadBalancer' } } }
  const lost = merge(emptyDir('system'), emptyDir('postgresql'))
  const all = [
    {},
    held,
    withDomain(admin, balancer),
    importing,
    lost,
    onion,
    operated(),
    embeddedSearch,
    external,
  ]
  const shown = (await Promise.all(all.map(notes))).join('\n')
  const lines = chartFile('templates/NOTES.txt')
    .split('\n')
    .map((line) => line.trim())
  const plain = lines.filter((line) => line !== '' && !line.includes('{{'))
  expect(plain.length).toBeGreaterThan(9)
  expect(plain.filter((line) => !shown.includes(line))).toEqual([])
})
