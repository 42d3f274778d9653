// chart/files/sweep.sh: what is deleted below TMPDIR while a program runs.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chart } from '../rules/project.ts'

const program = join(chart.path, 'files', 'sweep.sh')

let folder: string
let children: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sweep-'))
  children = []
})
afterEach(() => {
  // With a group of its own, so that what it runs beside the program ends, too.
  for (const { pid } of children) if (pid) process.kill(-pid, 'SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Runs a command of bash by the program, which sweeps often. */
function start(command: string, age = '1 second ago') {
  const child = spawn('bash', [program, 'bash', '-c', command, 'x', 'a b'], {
    detached: true,
    cwd: folder,
    env: { PATH: process.env.PATH, TMPDIR: folder, SWEEP_SECONDS: '0.2', SWEEP_AGE: age },
  })
  children.push(child)
  return child
}
const left = () => readdirSync(folder).sort()
const create = (...names: readonly string[]) => {
  for (const name of names) writeFileSync(join(folder, name), name)
}

test('old files are deleted, however they are named, but none that is open or a lock', async () => {
  mkdirSync(join(folder, 'below'))
  create('a b', 'new\nline', "it's", '-rf', 'below/c', 'ffmpeg-1.lock')
  start('exec 5>open 6<>read; mv open moved; ln moved linked; sleep 60')
  await sleep(3000)
  expect(left()).toEqual(['below', 'ffmpeg-1.lock', 'linked', 'moved', 'read'])
  expect(readdirSync(join(folder, 'below'))).toEqual([])
})

test('what was changed lately stays, however old it says it is', async () => {
  create('restored')
  start('touch -d 2001-01-01 restored; sleep 60', '1 hour ago')
  await sleep(1500)
  expect(left()).toEqual(['restored'])
})

test('a file goes once the process that had it open has ended', async () => {
  start('(exec 5>half-done; sleep 2.5); sleep 60')
  await expect.poll(left, { timeout: 20_000 }).toEqual(['half-done'])
  await expect.poll(left, { timeout: 20_000 }).toEqual([])
})

test('it says what it deletes', async () => {
  create('archive.zip')
  const { stdout } = start('sleep 60')
  expect(String((await once(stdout, 'data'))[0])).toBe(
    `Deleted a file that was left behind: ${join(folder, 'archive.zip')}\n`,
  )
})

test('the program takes its place and has no child, its arguments and exit code are its own', async () => {
  const child = start('echo $$ "$1" $(pgrep -P $$ -x sleep) $(pgrep -P $$ -f sweep.sh); exit 7')
  const [said] = await once(child.stdout, 'data')
  const [code] = await once(child, 'exit')
  expect(String(said)).toBe(`${child.pid} a b\n`)
  expect(code).toBe(7)
})
