// Media in a bucket of an S3 server with a certificate of an authority of one's own. Its log is the proof: it writes down
// each request with its headers, and checks signatures. Each test continues where the one before ended.
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1.d.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { page, seenBytes, uploadSeen, uploadSize, web } from '../lib/application.ts'
import { install, upgrade } from '../lib/helm.ts'
import { apply, exec, kubectl, list, secret } from '../lib/kubectl.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { podsOf } from '../lib/pods.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { folderOf, makeAuthority, startServer } from '../lib/servers.ts'
import { eventually } from '../lib/wait.ts'

const bucket = 'media'
const region = 'eu-lab'
const keys = { id: 'the-key', secret: 'correct-horse' }
const endpoint = 'https://s3:7443'
const policy = {
  Version: '2012-10-17',
  Statement: [
    {
      ...{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject' },
      Resource: `arn:aws:s3:::${bucket}/*`,
    },
  ],
}

let scenario: Scenario
let trusted: object
let strange: object

/** Asks the S3 server as its owner. */
function curl(path: string, ...flags: readonly string[]): Promise<string> {
  const { namespace, pod } = scenario.instance.client
  const signed = ['--aws-sigv4', `aws:amz:${region}:s3`, '--user', `${keys.id}:${keys.secret}`]
  const checked = ['--cacert', `${folderOf('servers')}/ca.crt`, '--fail-with-body']
  // A Service leads to a pod only some moments after it is ready.
  const patient = ['--retry', '9', '--retry-connrefused']
  const args = [...patient, ...checked, ...signed, ...flags]
  return exec(namespace, pod, ['curl', '-sS', ...args, endpoint + path])
}

beforeAll(async () => {
  scenario = await plan({ title: 'stores', helm: 4 })
  const { client } = scenario.instance
  trusted = await makeAuthority(client, 'servers', ['s3'])
  strange = await makeAuthority(client, 'strangers', ['s3'])
  await startServer(client.namespace, 's3', {
    ...{ authority: 'servers', image: 'docker.io/versity/versitygw:v1.8.0', port: 7443 },
    command: [
      ...['/versitygw', '--port', ':7443', '--cert', '/tls/tls.crt', '--key', '/tls/tls.key'],
      ...['--region', region, '--access', keys.id, '--secret', keys.secret],
      ...['--access-log', 'stdout', '--log-level', 'debug', 'posix', '/data'],
    ],
  })
  await curl(`/${bucket}`, '-X', 'PUT')
  await curl(`/${bucket}?policy`, '-X', 'PUT', '--data', JSON.stringify(policy))
  const known = { 'access-key-id': keys.id, 'secret-access-key': keys.secret }
  await apply(
    [secret('keys', known), secret('old', { ...known, 'secret-access-key': 'wrong' })],
    client.namespace,
  )
  await install(scenario.release, { values: values() })
})
afterAll(() => dropNamespace(scenario?.release.namespace))

interface Choice {
  readonly keysIn?: string
  readonly caBundle?: object
  readonly s3?: object
}

function values({ keysIn = 'keys', caBundle = trusted, s3 = {} }: Choice = {}): object {
  return {
    caBundle,
    mastodon: { localDomain: scenario.instance.host },
    objectStorage: {
      type: 's3',
      s3: {
        ...{ bucket, region, endpoint, keyPrefix: 'fedi' },
        accessKeyId: { existingSecret: keysIn, key: 'access-key-id' },
        secretAccessKey: { existingSecret: keysIn, key: 'secret-access-key' },
        ...s3,
      },
    },
  }
}

/** The log of the server, without colours and frames. */
async function log(): Promise<string> {
  const { namespace } = scenario.release
  const text = await kubectl(['logs', 's3', '--tail=-1'], { namespace })
  return text.replace(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '')
}

/** The requests for an object that the server let through: what was done from a pod of which component. */
async function requests(name: string): Promise<string[]> {
  const components = ['web', 'sidekiq-all']
  const lines = (await log()).split('\n').filter((line) => line.includes(` ${name} `))
  const found: string[] = []
  for (const component of components)
    for (const { status } of await podsOf(scenario, component))
      for (const line of lines) {
        const [, address, requester, action] =
          /\] (\S+) (\S+) \S+ s3_(\S+) .* 200 - .* TLSv1\.3 /.exec(line) ?? []
        if (address === status?.podIP) found.push(`${component}: ${requester} ${action}`)
      }
  return found
}

/** The headers with which the server was sent an object for the last time. */
async function sentWith(name: string): Promise<string> {
  const parts = (await log()).split('[URL]: ')
  return parts.filter((part) => part.includes(` s3_PutObject ${name} `)).at(-1) ?? ''
}

const keyOf = (name: string) => `fedi/media_attachments/${name}`

test('web sends an upload to the bucket over verified TLS, and Sidekiq reads it there', async () => {
  expect(await uploadSeen(scenario.instance, 'a.png')).toBe(uploadSize)
  const seen = await requests(keyOf('a.png'))
  expect(seen).toContain('web: the-key PutObject')
  expect(seen).toContain('sidekiq-all: the-key GetObject')
  const headers = await sentWith(keyOf('a.png'))
  expect(headers).toMatch(/X-Amz-Acl +: public-read /)
  expect(headers).not.toContain('X-Amz-Storage-Class')
  expect(await log()).not.toContain(keys.secret)
})

test('browsers get it at the address that Mastodon says', async () => {
  const { url } = (await page(scenario.instance, '/api/v1/media/a.png')) as { url: string }
  expect(url).toBe(`${endpoint}/${bucket}/${keyOf('a.png')}`)
  const { namespace, pod } = scenario.instance.client
  const browser = ['curl', '-sSf', '--cacert', `${folderOf('servers')}/ca.crt`, url]
  expect(await exec(namespace, pod, browser)).toHaveLength(uploadSize)
})

test('Sidekiq replaces a video by what it converted it to', async () => {
  await page(scenario.instance, '/api/v1/media/a.webm', 'a video')
  const size = await eventually('The video that Sidekiq has converted', () =>
    seenBytes(scenario.instance, 'a.webm'),
  )
  expect(await curl(`/${bucket}/${keyOf('a.webm')}`)).toHaveLength(size)
  const seen = await requests(keyOf('a.webm'))
  expect(seen.filter((request) => request.endsWith('PutObject'))).toEqual([
    'web: the-key PutObject',
    'sidekiq-all: the-key PutObject',
  ])
})

test('there is no volume for media', async () => {
  const { namespace } = scenario.release
  const claims = await list<PersistentVolumeClaim>('persistentvolumeclaims', { namespace })
  expect(claims.map(({ metadata }) => metadata?.name).sort()).toEqual([
    't-mastodon-postgresql',
    't-mastodon-redis',
  ])
})

test('a storage class, no ACL and a public host are as the values say', async () => {
  const s3 = { permission: '', storageClass: 'STANDARD_IA', aliasHost: 'media.example.com/files' }
  await upgrade(scenario.release, { values: values({ s3 }) })
  await uploadSeen(scenario.instance, 'b.png')
  const headers = await sentWith(keyOf('b.png'))
  expect(headers).not.toContain('X-Amz-Acl')
  expect(headers).toMatch(/X-Amz-Storage-Class : STANDARD_IA /)
  const { url } = (await page(scenario.instance, '/api/v1/media/b.png')) as { url: string }
  expect(url).toBe(`https://media.example.com/files/${keyOf('b.png')}`)
})

test('a wrong key shows at the first upload: the server refuses the signature', async () => {
  await upgrade(scenario.release, { values: values({ keysIn: 'old' }) })
  const { status, body } = await web(scenario.instance, '/api/v1/media/c.png', 'a picture')
  expect([status, body]).toEqual([500, expect.stringContaining('SignatureDoesNotMatch')])
  expect(await log()).toMatch(/ s3_PutObject \S+\/c\.png \S+ 403 SignatureDoesNotMatch /)
})

test('so does a certificate of an unknown authority', async () => {
  await upgrade(scenario.release, { values: values({ caBundle: strange }) })
  const { status, body } = await web(scenario.instance, '/api/v1/media/d.png', 'a picture')
  expect([status, body]).toEqual([503, expect.stringContaining('certificate verify failed')])
  expect(await log()).not.toContain('/d.png')
})
