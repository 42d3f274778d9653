// The Job that builds the indexes, against a search server of this machine with TLS, a user and an authority of its own.
import { once } from 'node:events'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createProxy } from 'node:http'
import { createServer, type Server } from 'node:https'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { afterAll, beforeAll, expect } from 'vitest'
import { $ } from 'zx'
import { textOf } from './programs.ts'
import { rubyTest, runRuby } from './ruby.ts'

const folder = mkdtempSync(join(tmpdir(), 'search-index-'))
const names = ['instances', 'accounts', 'tags', 'public_statuses', 'statuses']
const login = `Basic ${Buffer.from('mastodon:s3cret').toString('base64')}`

/** What the server was asked, with `!` for a request without the right login. */
const told: string[] = []
const indexes = new Set<string>()
const refreshed = new Set<string | undefined>()
let server: Server

// The database keeps its notes in a file; tootctl makes the indexes as the variables tell it to.
const stubs = `
module Migrations
  ROOT = '${folder}'
end
class Database
  def self.wait = new
  def note(name) = File.exist?("${folder}/#{name}") ? File.read("${folder}/#{name}") : nil
  def write_note(name, value) = File.write("${folder}/#{name}", value)
  def close = nil
end
`
const tootctl = `#!/bin/sh
echo "tootctl $*"
for name in ${names.join(' ')}; do
  curl -sSf --noproxy '*' --cacert "$ES_CA_FILE" -u "$ES_USER:$ES_PASS" -X PUT "$ES_HOST:$ES_PORT/\${ES_PREFIX}_$name" || exit 1
done
exit \${TOOTCTL_ENDS:-0}
`

beforeAll(async () => {
  const [key, cert] = [join(folder, 'tls.key'), join(folder, 'ca.crt')]
  const name = [
    '-subj',
    '/CN=localhost',
    '-addext',
    'subjectAltName=DNS:localhost,DNS:search.example',
  ]
  const files = ['-keyout', key, '-out', cert]
  await $({ quiet: true })`openssl req -x509 -newkey rsa:2048 -nodes -days 2 ${name} ${files}`
  writeFileSync(join(folder, 'tootctl'), tootctl, { mode: 0o755 })
  const tls = { key: readFileSync(key), cert: readFileSync(cert) }
  server = createServer(tls, ({ method, url = '', headers }, response) => {
    const isKnown = headers.authorization === login
    told.push(`${isKnown ? '' : '!'}${method} ${url}`)
    if (!isKnown) return response.writeHead(401).end()
    if (method === 'PUT') indexes.add(url)
    const [, name, question] = url.split('/')
    const isThere = indexes.has(`/${name}`)
    // What was written does not count before a refresh.
    if (question === '_refresh') refreshed.add(name)
    const count = refreshed.has(name) ? 7 : 0
    return response.writeHead(isThere ? 200 : 404).end(`{"count": ${count}}`)
  }).listen(0, 'localhost')
  await once(server, 'listening')
})
afterAll(() => server.close())

/** Runs the program as the Job does; `heard` is what the server was asked meanwhile. */
async function run(more: Readonly<Record<string, string>> = {}) {
  const env = {
    ...{ PATH: `${folder}:${process.env.PATH}`, LOGIN_PATIENCE: '1', JOB: 'searchIndex' },
    ...{ ES_HOST: 'https://localhost', ES_PORT: String((server.address() as AddressInfo).port) },
    ...{ ES_USER: 'mastodon', ES_PASS: 's3cret', ES_CA_FILE: join(folder, 'ca.crt') },
    ...{ ES_PREFIX: 'social', ES_PRESET: 'small_cluster', MASTODON: '4.7' },
    ...{ ARGUMENTS: '--concurrency 5 --batch-size 100', GENERATION: '0', ...more },
  }
  const program = textOf('search-index.rb').replace("require_relative 'database'", '')
  const text = `${textOf('login.rb')}\n${stubs}\n${program}`
  const before = told.length
  const ended = await runRuby(text, env)
  const output = `${ended.stdout}${ended.stderr}`
  return { exitCode: ended.exitCode, output, heard: told.slice(before) }
}

const made = names.map((name) => `PUT /social_${name}`)

rubyTest(
  'the indexes are built with user, password and authority, and the log says how many documents',
  async () => {
    const { exitCode, output, heard } = await run()
    expect(output).toContain('tootctl search deploy --concurrency 5 --batch-size 100')
    expect(output).toContain('Done: 7 in social_instances, 7 in social_accounts')
    expect(heard).toEqual(expect.arrayContaining(made))
    expect(heard.filter((request) => request.startsWith('!'))).toEqual([])
    expect(exitCode).toBe(0)
  },
)

rubyTest(
  'a second run does nothing, as long as the server and the version are the same',
  async () => {
    const { exitCode, output, heard } = await run()
    expect(output).toContain('Nothing to do')
    expect(heard).not.toEqual(expect.arrayContaining(made))
    expect(exitCode).toBe(0)
  },
)

rubyTest.each([
  ['preset', { ES_PRESET: 'large_cluster' }],
  ['minor version', { MASTODON: '4.8' }],
  ['generation', { GENERATION: '1' }],
])('another %s builds them again', async (_, more) => {
  expect((await run(more)).heard).toEqual(expect.arrayContaining(made))
})

rubyTest('so does a server that lost an index', async () => {
  await run()
  indexes.delete('/social_tags')
  expect((await run()).heard).toEqual(expect.arrayContaining(made))
})

rubyTest.each([
  ['a wrong password', { ES_PASS: 'guess' }, 'Correct search.user and search.password.'],
  [
    'an unknown authority',
    { ES_CA_FILE: '/dev/null' },
    'signed by the authority in search.ca or caBundle',
  ],
])('%s ends it with a remedy', async (_, more, remedy) => {
  const { exitCode, output, heard } = await run(more)
  expect(output).toContain('the search server refuses the login')
  expect(output).toContain(remedy)
  expect(output).toContain('Then raise jobs.searchIndex.generation and upgrade.')
  expect(heard).not.toEqual(expect.arrayContaining(made))
  expect(exitCode).toBe(1)
})

rubyTest('http_proxy is asked for the server, as Mastodon asks it', async () => {
  const tunnels: (string | undefined)[] = []
  const proxy = createProxy().listen(0, '127.0.0.1')
  proxy.on('connect', ({ url }, client) => {
    tunnels.push(url)
    const { port } = server.address() as AddressInfo
    const tunnel = connect(port, 'localhost', () => client.write('HTTP/1.1 200 OK\r\n\r\n'))
    pipeline(client, tunnel, client, () => {}) // the client just hangs up
  })
  await once(proxy, 'listening')
  const http_proxy = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const { heard } = await run({ http_proxy, ES_HOST: 'https://search.example', ES_PORT: '9200' })
  proxy.close()
  expect(tunnels).toContain('search.example:9200')
  expect(heard).toContain('GET /social_instances')
})

rubyTest('a tootctl that fails ends it, and nothing is noted', async () => {
  const { exitCode, output } = await run({ TOOTCTL_ENDS: '1', GENERATION: '9' })
  expect(output).toContain('tootctl search deploy failed; see the log above.')
  expect(exitCode).toBe(1)
  expect((await run({ GENERATION: '9' })).output).toContain('Building the indexes')
})
