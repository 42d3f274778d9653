// Usage: npm run clean
// Removes the unpacked programs, the cached renders and the folder rendered/.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cacheRoot } from 'chart-harness'
import { cacheName } from '../test/rules/project.ts'
import { readArgs, runScript } from './lib/cli.ts'

await runScript(async ({ args, print }) => {
  readArgs(import.meta, args, {})
  for (const path of [cacheRoot(cacheName), join(import.meta.dirname, '../rendered')]) {
    const found = existsSync(path)
    rmSync(path, { recursive: true, force: true })
    print(`${path}: ${found ? 'removed' : 'was not there'}`)
  }
})
