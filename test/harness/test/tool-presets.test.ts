import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { presetPins, registeredPin, registerTools } from '../src/tools/tool-pins.ts'
import { defaultHelm, resolveTool } from '../src/tools/tools.ts'
import { temporaryFolder } from './support.ts'

// A PATH on which `helm` is of this version.
function pathWith(version: string): string {
  const dir = join(temporaryFolder(), version)
  mkdirSync(dir)
  writeFileSync(join(dir, 'helm'), `#!/bin/sh\necho v${version}+g0123456\n`)
  chmodSync(join(dir, 'helm'), 0o755)
  return dir
}

// As for somebody who registered nothing; this suite registers pins of its own.
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

test('without pins of its own a chart is rendered by the Helm that is there', async () => {
  expect(await ask({ PATH: pathWith('3.19.2') })).toBe(3)
  expect(await ask({ PATH: pathWith('4.0.1') })).toBe(4)
})

test('of two majors it is the newer, wherever it stands', async () => {
  expect(await ask({ PATH: `${pathWith('3.17.0')}:${pathWith('4.1.0')}` })).toBe(4)
  expect(await ask({ PATH: pathWith('3.17.0'), HELM_BIN: join(pathWith('4.1.0'), 'helm') })).toBe(4)
})

test('no Helm, or one that is too old, is one sentence', async () => {
  const sentence =
    'there is no helm >=4.0.0 <5.0.0 or >=3.17.0 <4.0.0 on PATH. Install one or set HELM_BIN to it.'
  await expect(ask({ PATH: '' })).rejects.toThrow(sentence)
  await expect(ask({ PATH: pathWith('3.16.4') })).rejects.toThrow(sentence)
})

test('a variable that names nothing is not passed over', async () => {
  const env = { PATH: pathWith('3.19.2'), HELM_BIN: '/nowhere/helm' }
  await expect(ask(env)).rejects.toThrow('HELM_BIN: /nowhere/helm does not exist.')
})

test('the other major says what is missing', async () => {
  const options = { pin: presetPins.helm3, env: { PATH: pathWith('4.0.1') } }
  await expect(resolveTool('helm3', options)).rejects.toThrow(
    'helm3 3.17.3 is not on PATH. Install helm >=3.17.0 <4.0.0 or set HELM3_BIN or HELM_BIN to it.',
  )
})

test('a chart with pins of its own is rendered by Helm 4 unless it says otherwise', async () => {
  expect(await defaultHelm({ PATH: pathWith('3.19.2') })).toBe(4)
})
