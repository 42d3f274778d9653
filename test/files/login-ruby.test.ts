// How Ruby logs in: which answers of a server it waits for, and how long.
import { expect } from 'vitest'
import { textOf } from './programs.ts'
import { rubyTest, runRuby } from './ruby.ts'

const down = [
  'Connection refused - connect(2) for 192.0.2.1:6379 (redis://192.0.2.1:6379)',
  'Operation already in progress - connect(2) for "192.0.2.1" port 6379',
  'could not translate host name "db" to address: Name or service not known',
  'FATAL:  the database system is starting up',
  'LOADING Valkey is loading the dataset in memory',
]
const answers = [
  'WRONGPASS invalid username-password pair or user is disabled.',
  'FATAL:  password authentication failed for user "fedi"',
  'SSL_connect returned=1 errno=0 state=error: certificate verify failed (self-signed certificate)',
]

const run = (program: string) =>
  runRuby(`${textOf('login.rb')}\n${program}`, { LOGIN_PATIENCE: '1' })

rubyTest('a server that is down is told from one that answers', async () => {
  const { stdout } = await run(`
    [${[...down, ...answers].map((text) => `%q(${text})`).join()}].each { |text| puts Login.answer_in(text).inspect }
  `)
  const lines = stdout.trim().split('\n')
  expect(lines.slice(0, down.length)).toEqual(down.map(() => 'nil'))
  expect(lines.slice(down.length)).not.toContain('nil')
  expect(lines).toHaveLength(down.length + answers.length)
})

rubyTest('only an optional server that stays away is given up', async () => {
  const { stdout, exitCode } = await run(`
    tries = 0
    Login.to('the database', {}) { (tries += 1) < 3 ? raise('Connection refused') : puts('in') }
    Login.to('the cache', {}, optional: true) { raise 'Connection refused' }
  `)
  expect(stdout).toContain('Waiting for the database: Connection refused\nin\n')
  expect(stdout).toContain('Going on without the cache.')
  expect(exitCode).toBe(0)
})
