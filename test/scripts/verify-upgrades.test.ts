// What npm run verify:upgrades says without a server; what a server answers is for those who have one.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../../scripts/verify-upgrades.ts'
import { callHere } from './fixtures/run-script.ts'

test.for([
  [[], '--kubeconfig is missing. Name that of a server of your own.'],
  [['--kubeconfig', 'a', '--helm', '2'], '--helm 2 is not known. Write 3 or 4.'],
  [
    ['--kubeconfig', 'a', '--only', 'Nothing'],
    '--only Nothing names no manifest, e.g. StatefulSet.',
  ],
] as const)('bad input is one sentence: %s', async ([args, sentence]) => {
  const { code, stderr } = await callHere(main, args)
  expect([code, stderr]).toEqual([1, `verify-upgrades: ${sentence}\n`])
})

test('a server that cannot be reached is reported', async () => {
  const nowhere = join(import.meta.dirname, 'nowhere')
  const { code, stderr } = await callHere(main, ['--kubeconfig', nowhere])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^verify-upgrades: kubectl apply -f -: error: .*nowhere.*\n$/)
})
