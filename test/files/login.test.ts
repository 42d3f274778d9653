// chart/files/login.js as the init container of streaming runs it, beside the stand-in for streaming's code.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { chartFile } from '../chart/render.ts'
import { root } from '../rules/project.ts'
import { closedPort, closeServers, startPostgresql, startRedis } from './servers.ts'

const program = chartFile('files/login.js')
const cwd = join(root, 'test/lab/images')
const programs: ChildProcess[] = []

afterAll(() => {
  closeServers()
  for (const child of programs) child.kill('SIGKILL')
})

const words = { DB_PASS: 'word', REDIS_PASSWORD: 'word' }
const here = { DB_HOST: '127.0.0.1', REDIS_HOST: '127.0.0.1', ...words }

/** Starts the program: `ended` gives its exit code and output, `said` its first output. */
function run(env: Record<string, string | number>) {
  const texts = Object.entries({ NODE_ENV: 'production', ...env }).map(([name, value]) => [
    ...[name, String(value)],
  ])
  const child = spawn(process.execPath, ['-e', program], { cwd, env: Object.fromEntries(texts) })
  programs.push(child)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text))
  const said = once(child.stdout, 'data').then(String)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, log }))
  return { child, ended, said }
}

/** Both servers, and the variables that lead to them. */
async function both() {
  const [postgresql, redis] = [await startPostgresql(), await startRedis()]
  const env = { ...here, DB_PORT: postgresql.port, REDIS_PORT: redis.port }
  return { postgresql, redis, env }
}

const ready = { code: 0, log: '' }

test('it ends without output when both let it in', async () => {
  const { postgresql, redis, env } = await both()
  const more = { DB_USER: 'fedi', DB_NAME: 'toots', REDIS_USER: 'fedi', REDIS_PASSWORD: 'a%41' }
  expect(await run({ ...env, ...more }).ended).toEqual(ready)
  expect(postgresql.told).toEqual([expect.stringContaining('user fedi database toots')])
  expect(redis.told).toEqual(['fedi a%41'])
})

test('it takes from variables of libpq what the address for TLS leaves out', async () => {
  const { postgresql, env } = await both()
  const { DB_HOST, DB_PORT, ...rest } = env
  const parts = { PGHOST: DB_HOST, PGPORT: DB_PORT, PGUSER: 'fe@di', PGDATABASE: 'toots' }
  const DATABASE_URL = 'postgresql:///?sslmode=disable'
  expect(await run({ ...rest, ...parts, DATABASE_URL }).ended).toEqual(ready)
  expect(postgresql.told).toEqual([expect.stringContaining('user fe@di database toots')])
})

// Both at once, as each lasts until the program tries again.
test.concurrent.for([
  ['PostgreSQL', 'DB_PORT', startPostgresql],
  ['Redis', 'REDIS_PORT', startRedis],
] as const)(
  'it waits for %s until it accepts, however long',
  async ([name, port, start], { expect }) => {
    const missing = await closedPort()
    const { env } = await both()
    const { child, ended, said } = run({ ...env, [port]: missing, LOGIN_PATIENCE: 0.1 })
    expect(await said).toBe(`Waiting for ${name}: connect ECONNREFUSED 127.0.0.1:${missing}\n`)
    expect(child.exitCode).toBeNull()
    await start(missing)
    expect((await ended).code).toBe(0)
  },
)

test('it takes the addresses out of URLs, which win', async () => {
  const { postgresql, redis } = await both()
  const env = {
    ...{ ...here, DB_PORT: 1, REDIS_PORT: 1 },
    DATABASE_URL: `postgresql://fedi:p%40ss@127.0.0.1:${postgresql.port}/toots`,
    REDIS_URL: `redis://:p%40ss@127.0.0.1:${redis.port}/1`,
  }
  expect(await run(env).ended).toEqual(ready)
  expect(redis.told).toEqual(['p@ss'])
})

const tls = 'no pg_hba.conf entry for host "10.0.0.1", no encryption'
const wrong = 'invalid username-password pair or user is disabled.'
const refusals = [
  [
    ['postgresql', '28000', tls, 'word'],
    `PostgreSQL refuses the login: ${tls}. It only accepts connections with TLS. Set postgresql.sslMode to require.`,
  ],
  [
    ['postgresql', '28P01', 'password authentication failed for user "fedi"', 'word'],
    'PostgreSQL refuses the login: password authentication failed for user "fedi". Correct postgresql.password, or the Secret with DB_PASS.',
  ],
  [
    ['postgresql', '28000', 'connection requires a valid client certificate', 'word'],
    'PostgreSQL refuses the login: connection requires a valid client certificate. It only lets in who shows a certificate for this role. Set postgresql.clientCertificate.',
  ],
  [
    ['redis', 'WRONGPASS', wrong, 'word'],
    `Redis refuses the login: WRONGPASS ${wrong} Correct redis.password, or the Secret with REDIS_PASSWORD or REDIS_URL.`,
  ],
  [
    ['redis', 'WRONGPASS', wrong, 'a%41b'],
    `Redis refuses the login: WRONGPASS ${wrong} Ruby decodes "%" and two hexadecimal digits in a password of Redis, Node does not. Choose a password without "%".`,
  ],
] as const

test.concurrent.for(refusals)(
  'a refusal of %j that lasts ends it with a sentence',
  async ([[server, code, text, REDIS_PASSWORD], sentence], { expect }) => {
    const servers = await both()
    servers[server].error = [code, text]
    const { ended } = run({ ...servers.env, REDIS_PASSWORD, LOGIN_PATIENCE: 0.1 })
    const result = await ended
    expect(result.code).toBe(1)
    expect(result.log.trim().split('\n').at(-1)).toBe(sentence)
  },
)

test('behind Sentinels a wrong password may be theirs', async () => {
  const { redis, env } = await both()
  redis.error = ['WRONGPASS', wrong]
  const { REDIS_HOST: _, ...rest } = env
  const sentinels = { REDIS_SENTINELS: `127.0.0.1:${redis.port}`, REDIS_SENTINEL_MASTER: 'main' }
  const { log } = await run({ ...rest, ...sentinels, LOGIN_PATIENCE: 0.1 }).ended
  const remedy = 'Correct redis.password, or redis.sentinel.password if it is a Sentinel.'
  expect(log.trim().split('\n').at(-1)).toBe(
    `Redis refuses the login: WRONGPASS ${wrong} ${remedy}`,
  )
})

test.concurrent.for([
  ['a short refusal', { LOGIN_PATIENCE: 60 }, '28P01', 'password authentication failed'],
  ['a server that starts', { LOGIN_PATIENCE: 0.1 }, '57P03', 'the database system is starting up'],
] as const)('%s does not end it', async ([_, patience, code, text], { expect }) => {
  const { postgresql, env } = await both()
  postgresql.error = [code, text]
  const { ended, said } = run({ ...env, ...patience })
  expect(await said).toBe(`Waiting for PostgreSQL: ${text}\n`)
  while (postgresql.told.length < 2) await new Promise((resolve) => setTimeout(resolve, 50))
  postgresql.error = undefined
  expect((await ended).code).toBe(0)
})

test('beside a URL, which has its own mode, the remedy is there', async () => {
  const { postgresql, env } = await both()
  postgresql.error = ['28000', tls]
  const DATABASE_URL = `postgresql://fedi:word@127.0.0.1:${postgresql.port}/toots`
  const { log } = await run({ ...env, DATABASE_URL, LOGIN_PATIENCE: 0.1 }).ended
  expect(log).toContain('Add uselibpqcompat=true&sslmode=require to DATABASE_URL')
})

test.concurrent.for([
  ['postgresql', 'DB_PASS', 'postgresql.password', '28P01', 'password authentication failed'],
  ['redis', 'REDIS_PASSWORD', 'redis.password', 'NOAUTH', 'Authentication required.'],
] as const)(
  'without a password for %s it says where %s may come from',
  async ([server, name, key, ...error], { expect }) => {
    const servers = await both()
    servers[server].error = error
    const { log } = await run({ ...servers.env, [name]: '', LOGIN_PATIENCE: 0.1 }).ended
    expect(log).toContain(`Streaming got no ${name}. Set ${key} or streaming.envFrom: from the`)
  },
)

test('a server without TLS is refused where the mode demands it', async () => {
  const { env } = await both()
  const { code, log } = await run({ ...env, DB_SSLMODE: 'no-verify', LOGIN_PATIENCE: 0.1 }).ended
  expect(code).toBe(1)
  expect(log).toContain('It has no TLS. Set postgresql.sslMode to prefer')
})

test('an invalid URL is refused, without the password in the message', async () => {
  const { env } = await both()
  const { code, log } = await run({ ...env, REDIS_URL: 'redis://:pa#ss@redis.example.com' }).ended
  expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('REDIS_URL is not a URL') })
  expect(log).not.toContain('pa#ss')
})
