// chart/files/wait.js as the init container of streaming runs it, against servers of this machine.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { chartFile } from '../chart/render.ts'

const program = chartFile('files/wait.js')
const servers: Server[] = []
const programs: ChildProcess[] = []

afterAll(() => {
  for (const server of servers) server.close()
  for (const child of programs) child.kill('SIGKILL')
})

/** A server that accepts; its port. */
async function listen(port = 0): Promise<number> {
  const server = createServer((socket) => socket.resume()).listen(port, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A port where nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts the program: `ended` gives its exit code and output, `said` its first output. */
function run(env: Record<string, string | number>) {
  const texts = Object.entries(env).map(([name, value]) => [name, String(value)])
  const child = spawn(process.execPath, ['-e', program], { env: Object.fromEntries(texts) })
  programs.push(child)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text))
  const said = once(child.stdout, 'data').then(String)
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, log }))
  return { child, ended, said }
}

const here = { DB_HOST: '127.0.0.1', REDIS_HOST: '127.0.0.1' }
const ready = { code: 0, log: '' }

test('it ends without output when both accept', async () => {
  const [DB_PORT, REDIS_PORT] = [await listen(), await listen()]
  expect(await run({ ...here, DB_PORT, REDIS_PORT }).ended).toEqual(ready)
})

// Both at once, as each lasts until the program tries again.
test.concurrent.for([
  ['PostgreSQL', 'DB_PORT', 'REDIS_PORT'],
  ['Redis', 'REDIS_PORT', 'DB_PORT'],
] as const)('it waits only for %s, until it accepts', async ([name, missing, there], context) => {
  const port = await closedPort()
  // This machine, too, but not what the name localhost means: the hosts are read.
  const hosts = { DB_HOST: '0.0.0.0', REDIS_HOST: '0.0.0.0' }
  const { child, ended, said } = run({ ...hosts, [missing]: port, [there]: await listen() })
  context.expect(await said).toBe(`Waiting for ${name}: connect ECONNREFUSED 0.0.0.0:${port}\n`)
  context.expect(child.exitCode).toBeNull()
  await listen(port)
  context.expect((await ended).code).toBe(0)
})

test('it takes the addresses out of URLs', async () => {
  const [postgresql, redis] = [await listen(), await listen()]
  const env = {
    DATABASE_URL: `postgresql://mastodon:p%40ss@127.0.0.1:${postgresql}/mastodon?sslmode=require`,
    REDIS_URL: `rediss://:p%40ss@127.0.0.1:${redis}/1`,
  }
  expect(await run(env).ended).toEqual(ready)
})

test('a URL wins over host and port', async () => {
  const [there, nowhere] = [await listen(), await closedPort()]
  const env = { ...here, DB_PORT: nowhere, REDIS_PORT: nowhere }
  const url = (scheme: string) => `${scheme}://127.0.0.1:${there}/`
  expect(
    await run({ ...env, DATABASE_URL: url('postgres'), REDIS_URL: url('redis') }).ended,
  ).toEqual(ready)
})

test('it does not wait for Redis behind sentinels, whose address it does not know', async () => {
  const env = { ...here, DB_PORT: await listen(), REDIS_PORT: await closedPort() }
  expect(await run({ ...env, REDIS_SENTINELS: 'sentinel.example.com' }).ended).toEqual(ready)
})

test('an invalid URL is refused, without the password in the message', async () => {
  const env = { ...here, DB_PORT: await listen(), REDIS_URL: 'redis://:pa#ss@redis.example.com' }
  const { code, log } = await run(env).ended
  expect({ code, log }).toEqual({ code: 1, log: expect.stringContaining('REDIS_URL is not a URL') })
  expect(log).not.toContain('pa#ss')
})

test('an IPv6 address in a URL is used without its brackets', async () => {
  const env = { DATABASE_URL: 'postgresql://[::1]:1/mastodon', REDIS_SENTINELS: 'sentinel' }
  expect(await run(env).said).toMatch(/^Waiting for PostgreSQL: connect \w+ ::1:1/)
})
