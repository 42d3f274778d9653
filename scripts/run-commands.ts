// Usage: npm run check, or npm run test:all
// Runs other npm commands one after the other, up to the first that fails. package.json says which.
import { spawnSync } from 'node:child_process'
import { readArgs, runScript } from './lib/cli.ts'

await runScript(async ({ args }) => {
  const { positionals } = readArgs(import.meta, args, { allowPositionals: true })
  for (const command of positionals) {
    const { status } = spawnSync('npm', ['run', command], { stdio: 'inherit' })
    if (status !== 0) return status ?? 1
  }
  return 0
})
