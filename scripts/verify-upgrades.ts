// Usage: npm run verify:upgrades -- --kubeconfig FILE [--helm 3|4] [--only TEXT]
// Asks a real API server, with `helm install` and `helm upgrade`, whether it refuses and accepts the same changes as the
// harness. Creates and removes namespaces and cluster-wide objects: use a server of your own, with nothing else in it
// (etcd and kube-apiserver are enough).
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limiter } from 'chart-harness'
import { type FieldCase, fieldCases } from '../test/harness/test/upgrade/tables.ts'
import { type Call, fail, readArgs, runScript } from './lib/cli.ts'
import '../test/rules/project.ts'
import { askServer, prepareServer } from './lib/upgrade-server.ts'

/** What `npm run verify:upgrades` does. */
export async function main({ args, print }: Call): Promise<number> {
  const { kubeconfig, helms, asked } = readOptions(args)
  const minor = await prepareServer(kubeconfig)
  const dir = mkdtempSync(join(tmpdir(), 'verify-upgrades-'))
  const server = { kubeconfig, dir, minor }
  const run = `r${Date.now().toString(36)}`
  const limit = limiter(2)
  const verdicts = await Promise.all(
    helms.flatMap((helm) =>
      asked.map((change, index) =>
        limit(() => askServer(server, change, helm, `${run}h${helm}n${index}`)),
      ),
    ),
  )
  rmSync(dir, { recursive: true, force: true })
  const wrong = verdicts.filter((verdict) => verdict !== undefined).sort()
  for (const line of wrong) print(line)
  const count = `${asked.length} changes tried with Helm ${helms.join(' and ')}`
  print(`${count}, ${wrong.length} have another answer`)
  return wrong.length > 0 ? 1 : 0
}

interface Options {
  readonly kubeconfig: string
  readonly helms: readonly string[]
  readonly asked: readonly FieldCase[]
}

function readOptions(args: readonly string[]): Options {
  const { values } = readArgs(import.meta, args, {
    options: {
      kubeconfig: { type: 'string' },
      helm: { type: 'string' },
      only: { type: 'string', default: '' },
    },
  })
  const { kubeconfig, helm, only } = values
  if (kubeconfig === undefined)
    return fail(`verify-upgrades: --kubeconfig is missing. Name that of a server of your own.`)
  if (helm !== undefined && !['3', '4'].includes(helm))
    return fail(`verify-upgrades: --helm ${helm} is not known. Write 3 or 4.`)
  const asked = fieldCases.filter(({ base }) => base.includes(only))
  if (asked.length === 0)
    return fail(`verify-upgrades: --only ${only} names no manifest, e.g. StatefulSet.`)
  return { kubeconfig, helms: helm === undefined ? ['3', '4'] : [helm], asked }
}

await runScript(main, import.meta)
