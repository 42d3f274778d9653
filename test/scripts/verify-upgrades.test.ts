// npm run verify:upgrades without a server.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { main } from '../../scripts/verify-upgrades.ts'
import { callHere } from './fixtures/run-script.ts'

test('a server that cannot be reached is reported', async () => {
  const nowhere = join(import.meta.dirname, 'nowhere')
  const { code, stderr } = await callHere(main, ['--kubeconfig', nowhere])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^verify-upgrades: kubectl apply -f -: error: .*nowhere.*\n$/)
})
