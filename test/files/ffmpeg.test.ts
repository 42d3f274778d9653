// chart/files/ffmpeg.sh, with a stand-in for ffmpeg.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { chart } from '../rules/project.ts'

const program = join(chart.path, 'files', 'ffmpeg.sh')
// Counts how many run at once, for as long as the file `hold` is there.
const standIn = `#!/bin/bash
touch "$RUNNING/$$"; ls "$RUNNING" | wc -l >>"$RUNNING.log"
while [ -e "$RUNNING.hold" ]; do sleep 0.05; done
rm "$RUNNING/$$"; printf '%s\\n' "$@"; exit 3
`

let folder: string
let running: string
let started: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ffmpeg-'))
  running = join(folder, 'running')
  started = []
  mkdirSync(running)
  writeFileSync(join(folder, 'ffmpeg'), standIn, { mode: 0o755 })
})
afterEach(async () => {
  release()
  await Promise.all(started.map(ended))
  rmSync(folder, { recursive: true })
})

const environment = (atOnce = 1) => ({
  ...{ PATH: `${folder}:${process.env.PATH}`, TMPDIR: folder, RUNNING: running },
  ...{ FFMPEG_THREADS: '7', FFMPEG_AT_ONCE: String(atOnce) },
})
const hold = () => writeFileSync(`${running}.hold`, '')
const release = () => rmSync(`${running}.hold`, { force: true })
const runningNow = () => readdirSync(running).length
const counts = () => readFileSync(`${running}.log`, 'utf8').trim().split('\n').map(Number)

function convert(atOnce?: number): ChildProcess {
  const child = spawn('bash', [program, '-i', 'in', 'out'], { env: environment(atOnce) })
  started.push(child)
  return child
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function until(what: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; !what(); await sleep(20))
    if (Date.now() > end) throw new Error(`not within ten seconds: ${what}`)
}

test('the threads go in front of the destination, everything else stays as it is', () => {
  const args = [
    '-nostdin',
    '-i',
    'a file',
    '-vf',
    "scale='min(640\\, iw)'",
    '-y',
    '/tmp/out put.mp4',
  ]
  const { stdout, status } = spawnSync('bash', [program, ...args], {
    ...{ env: environment(), encoding: 'utf8' },
  })
  const out = args.pop()
  expect(stdout.split('\n')).toEqual([...args, '-threads', '7', out, ''])
  expect(status).toBe(3)
})

test("a program of the user's own runs instead", () => {
  const FFMPEG_PROGRAM = '/bin/echo'
  const { stdout } = spawnSync('bash', [program, 'in', 'out'], {
    ...{ env: { ...environment(), FFMPEG_PROGRAM }, encoding: 'utf8' },
  })
  expect(stdout).toBe('in -threads 7 out\n')
})

test.each([1, 2])('of five conversions, %s run at once', async (atOnce) => {
  hold()
  const all = Array.from({ length: 5 }, () => convert(atOnce))
  await until(() => runningNow() === atOnce)
  await sleep(1500)
  expect(runningNow()).toBe(atOnce)
  release()
  await Promise.all(all.map(ended))
  expect(counts()).toHaveLength(5)
  expect(Math.max(...counts())).toBe(atOnce)
})

test('the turn of a conversion that was killed is free', async () => {
  hold()
  const first = convert()
  await until(() => runningNow() === 1)
  const second = convert()
  first.kill('SIGKILL')
  await until(() => runningNow() === 2)
  release()
  await ended(second)
  expect(second.exitCode).toBe(3)
})

test('a conversion that waits for its turn ends when it is told to', async () => {
  hold()
  convert()
  await until(() => runningNow() === 1)
  const waiting = convert()
  await sleep(300)
  waiting.kill('SIGTERM')
  await ended(waiting)
  expect(waiting.signalCode).toBe('SIGTERM')
  expect(counts()).toEqual([1])
})

test('a conversion that waits for its turn ends with the process that asked for it', async () => {
  hold()
  convert()
  await until(() => runningNow() === 1)
  const parent = spawn('bash', ['-c', `bash ${program} in out & echo $!; wait`], {
    env: environment(),
  })
  started.push(parent)
  const pid = Number(String((await once(parent.stdout, 'data'))[0]))
  await sleep(300)
  parent.kill('SIGKILL')
  await until(() => spawnSync('kill', ['-0', String(pid)]).status !== 0)
  expect(counts()).toEqual([1])
})
