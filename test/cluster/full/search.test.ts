// OpenSearch: the server in the release, behind an outgoing proxy that nobody answers, and one elsewhere with TLS and a
// user. Each test continues where the one before ended.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pinnedImage } from '../../rules/pins.ts'
import { page } from '../lib/application.ts'
import { expectNoRestarts } from '../lib/checks.ts'
import { embeddedDatabase, sql } from '../lib/database.ts'
import { install, upgrade } from '../lib/helm.ts'
import { apply, exec, kubectl, secret } from '../lib/kubectl.ts'
import { expectRefusal } from '../lib/logins.ts'
import { dropNamespace } from '../lib/namespaces.ts'
import { podsOf } from '../lib/pods.ts'
import { plan, type Scenario } from '../lib/scenario.ts'
import { makeAuthority, startServer } from '../lib/servers.ts'
import { service } from '../lib/services.ts'
import { startPod } from '../lib/start-pod.ts'
import { timed } from '../lib/summary.ts'
import { eventually } from '../lib/wait.ts'

const indexes = ['accounts', 'instances', 'public_statuses', 'statuses', 'tags']
const actor = 'mastodon.internal'

let scenario: Scenario

/** What OpenSearch answers to itself, in its pod. */
async function asked(pod: string, path: string): Promise<string> {
  const { namespace } = scenario.release
  return exec(namespace, pod, ['curl', '-sS', `http://127.0.0.1:9200${path}`])
}

/** The indexes of Mastodon on a server: name, replicas, documents. */
async function indexesOn(pod: string): Promise<string[]> {
  await asked(pod, '/_refresh')
  const rows = await asked(pod, '/_cat/indices?h=index,rep,docs.count&s=index')
  return rows
    .trim()
    .split(/\s*\n/)
    .map((row) => row.replace(/\s+/g, ' '))
}

/** What the Job has logged. */
async function logOfJob(): Promise<string> {
  const { namespace } = scenario.release
  const pods = (await podsOf(scenario, 'search-index')).map(({ metadata }) => metadata?.name ?? '')
  const logs = await Promise.all(
    pods.map((name) => kubectl(['logs', name, '--container', 'main'], { namespace })),
  )
  return logs.join('\n')
}

/** Accounts that people find. */
const found = (word: string) => page(scenario.instance, `/api/v2/search?q=${word}`)

describe('in the release', () => {
  const server = 't-mastodon-search-0'
  const values = (locale: string, searchIndex: object = {}) => ({
    mastodon: { locale, outgoing: { proxy: { value: 'http://proxy.invalid:3128' } } },
    search: { mode: 'embedded' },
    networkPolicy: { egress: { enabled: true } },
    jobs: { searchIndex },
  })
  beforeAll(async () => {
    scenario = await plan({ title: 'search', helm: 4, host: 'mastodon.example' })
    await timed('install with OpenSearch', () =>
      install(scenario.release, { values: values('en') }),
    )
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('the Job makes the indexes, without copies on other nodes, and says what is in them', async () => {
    const on = await indexesOn(server)
    expect(on.filter((row) => !row.startsWith('chewy'))).toEqual(
      indexes.map((name) => `${name} 0 ${name === 'accounts' ? 1 : 0}`),
    )
    expect(await logOfJob()).toContain('1 in accounts')
  })

  test('web finds accounts, past the outgoing proxy', async () => {
    expect(await found('masto')).toEqual({ accounts: [{ name: actor }] })
  })

  test('only pods that run Mastodon reach it', async () => {
    const { namespace } = scenario.release
    const curl = ['curl', '-sS', '--max-time', '5', `http://t-mastodon-search:9200/`]
    await expect(exec(namespace, 'client', curl)).rejects.toThrow('Failed to connect')
    for (const component of ['web', 'streaming']) {
      const [pod] = await podsOf(scenario, component)
      const answer = exec(namespace, pod?.metadata?.name ?? '', [
        'curl',
        '--noproxy',
        '*',
        ...curl.slice(1),
      ])
      if (component === 'web') expect(await answer).toContain('OpenSearch')
      else await expect(answer).rejects.toThrow('Failed to connect')
    }
  })

  test('a Job that has nothing to do builds nothing', async () => {
    await upgrade(scenario.release, { values: values('de') })
    const log = await logOfJob()
    expect(log).toContain('Nothing to do')
    expect(log).not.toContain('Indexed')
  })

  test('a Job that is killed begins again, and says how far it is', async () => {
    const { namespace } = scenario.release
    const database = await embeddedDatabase(scenario)
    await sql(
      database,
      `INSERT INTO visits (host, created_at, updated_at) SELECT 'a', now(), now() FROM generate_series(1, 400)`,
    )
    const slow = { generation: 1, batchSize: 10, env: { STANDIN_PAUSE_BETWEEN_BATCHES: 1 } }
    await upgrade(scenario.release, { values: values('de', slow), wait: false })
    await eventually('Progress', async () =>
      /So far: .*\b[1-9]\d* in statuses/.test(await logOfJob()),
    )
    const [pod] = await podsOf(scenario, 'search-index')
    const kill = ['sh', '-c', 'kill -9 $(pgrep -f search-index.rb)']
    await exec(namespace, pod?.metadata?.name ?? '', kill, { container: 'main' }).catch(() => {})
    await eventually('The end', async () => (await logOfJob()).includes('Done: '), 180)
    expect(await logOfJob()).toMatch(/Done: .*\b4\d\d in statuses/)
    expect((await podsOf(scenario, 'search-index')).length).toBeGreaterThan(1)
  })

  test('ends cleanly, and finds its documents again', async () => {
    const { namespace } = scenario.release
    const before = await indexesOn(server)
    await timed('end of OpenSearch', () =>
      kubectl(['delete', 'pod', server, '--wait'], { namespace }),
    )
    const ready = ['wait', `pod/${server}`, '--for=condition=Ready', '--timeout=150s']
    await eventually('The server again', () => kubectl(ready, { namespace }), 180)
    expect(await indexesOn(server)).toEqual(before)
  })
})

// A server with TLS and a user: OpenSearch's own plugin for that is not in the image of the lab. It logs what it lets in.
const entrance = `
  const { createServer } = require('node:https'), { request } = require('node:http'), { readFileSync } = require('node:fs')
  const login = 'Basic ' + Buffer.from('fedi:' + process.env.PASSWORD).toString('base64')
  const tls = { key: readFileSync('/tls/tls.key'), cert: readFileSync('/tls/tls.crt') }
  createServer(tls, (asked, answer) => {
    const { method, url: path, headers } = asked
    const isKnown = headers.authorization === login
    console.log(isKnown ? 'fedi' : 'nobody', method, path)
    if (!isKnown) return answer.writeHead(401).end()
    const to = { host: 'opensearch', port: 9200, method, path, headers, agent: false }
    const passedOn = request(to, (got) => got.pipe(answer.writeHead(got.statusCode, got.headers)))
    asked.pipe(passedOn.on('error', () => answer.writeHead(502).end()))
  }).listen(9200)`

describe('elsewhere', () => {
  const password = 'correct-horse'
  let authority: object
  const values = (search: object = {}) => ({
    // Instead of a minute.
    pod: { env: { LOGIN_PATIENCE: 3 } },
    search: {
      ...{ mode: 'external', host: 'https://search', prefix: 'social', preset: 'small_cluster' },
      ...{ user: 'fedi', password: { existingSecret: 'search', key: 'password' } },
      ca: authority,
      ...search,
    },
    networkPolicy: { egress: { enabled: true } },
  })
  beforeAll(async () => {
    scenario = await plan({ title: 'search-elsewhere', helm: 3, host: 'mastodon.example' })
    const { namespace } = scenario.release
    authority = await makeAuthority(scenario.instance.client, 'server', ['search'])
    await apply(
      [secret('search', { password, wrong: 'guess' }), service('opensearch', 'opensearch', 9200)],
      namespace,
    )
    await startPod(namespace, 'opensearch', {
      image: pinnedImage('search.image'),
      user: 1000,
      command: ['./opensearch-docker-entrypoint.sh'],
      env: Object.entries({
        ...{ 'discovery.type': 'single-node', DISABLE_SECURITY_PLUGIN: 'true' },
        ...{ OPENSEARCH_JAVA_OPTS: '-Xms256m -Xmx256m', 'node.store.allow_mmap': 'false' },
      }).map(([name, value]) => ({ name, value })),
      ready: ['curl', '-sf', 'http://127.0.0.1:9200/_cluster/health'],
    })
    await startServer(namespace, 'search', {
      ...{ authority: 'server', image: pinnedImage('streaming.image'), port: 9200 },
      ...{ command: ['node', '-e', entrance], env: { PASSWORD: password } },
    })
  })
  afterAll(() => dropNamespace(scenario?.release.namespace))

  test('a wrong password and an unknown authority end the Job with what helps', async () => {
    const wrong = { password: { existingSecret: 'search', key: 'wrong' } }
    await install(scenario.release, { values: values(wrong), wait: false })
    await expectRefusal(scenario, 'search-index', 'Correct search.user and search.password.')
    await upgrade(scenario.release, { values: values({ ca: {} }), wait: false })
    await expectRefusal(
      scenario,
      'search-index',
      'signed by the authority in search.ca or caBundle',
    )
  })

  test('the Job makes the indexes with prefix and copies, and logs in for all that it asks', async () => {
    const { namespace } = scenario.release
    const since = new Date().toISOString()
    await upgrade(scenario.release, { values: values() })
    const on = await indexesOn('opensearch')
    expect(on.filter((row) => !row.includes('chewy'))).toEqual(
      indexes.map((name) => `social_${name} 1 ${name === 'accounts' ? 1 : 0}`),
    )
    expect(await logOfJob()).toContain('1 in social_accounts')
    expect(await found('masto')).toEqual({ accounts: [{ name: actor }] })
    const log = await kubectl(['logs', 'search', `--since-time=${since}`], { namespace })
    expect(log).toContain('fedi PUT /social_statuses')
    expect(log).toContain('fedi POST /social_accounts/_search')
    expect(log).not.toContain('nobody')
    await expectNoRestarts(scenario)
  })
})
