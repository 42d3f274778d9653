// Usage: npm run verify:upgrades -- --kubeconfig FILE [--helm 3|4] [--only TEXT]
// Asks a real API server, with `helm install` and `helm upgrade`, whether it refuses and accepts the same changes as the
// harness. Creates and removes namespaces and cluster-wide objects: use a server of your own, with nothing else in it
// (etcd and kube-apiserver are enough).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CommandResult, limiter, resolveTool, runCommand } from 'chart-harness'
import { changed, manifestOf } from '../test/harness/test/upgrade/bases.ts'
import { type FieldCase, fieldCases } from '../test/harness/test/upgrade/tables.ts'
import '../test/rules/project.ts'
import { type Call, fail, readArgs, readHelm, runScript } from './lib/cli.ts'

/** A server that may be used, and a folder for charts. */
interface Server {
  readonly kubeconfig: string
  readonly dir: string
  /** The minor of its version. */
  readonly minor: number
}

const classes = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: grows}
provisioner: a
allowVolumeExpansion: true
---
apiVersion: storage.k8s.io/v1
kind: VolumeAttributesClass
metadata: {name: fast}
driverName: a
parameters: {a: b}
`

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
  print(`${count}, ${wrong.length} answered differently`)
  return wrong.length > 0 ? 1 : 0
}

function readOptions(args: readonly string[]) {
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
  const asked = fieldCases.filter(({ base }) => base.includes(only))
  if (asked.length === 0)
    return fail(`verify-upgrades: --only ${only} names no manifest, e.g. StatefulSet.`)
  const helms = helm === undefined ? ([3, 4] as const) : [readHelm(import.meta, helm)]
  return { kubeconfig, helms, asked }
}

/** Creates what the changes need; returns the server's minor version. */
async function prepareServer(kubeconfig: string): Promise<number> {
  await kubectl(kubeconfig, ['apply', '-f', '-'], classes)
  const { stdout } = await kubectl(kubeconfig, ['version', '-o', 'json'])
  return Number.parseInt(JSON.parse(stdout).serverVersion.minor, 10)
}

/** How the server's answer differs from what `change` says; undefined when it agrees. */
async function askServer(
  server: Server,
  change: FieldCase,
  helm: 3 | 4,
  id: string,
): Promise<string | undefined> {
  const { base, changes } = change
  const chart = makeChart(server, id)
  const run = async (verb: string, args: readonly string[]): Promise<CommandResult> => {
    const { path } = await resolveTool(`helm${helm}`)
    return runCommand(path, [verb, id, ...args, '-n', id, '--kubeconfig', server.kubeconfig])
  }
  const values = (manifest: string): string[] => [chart, '-f', writeValues(chart, manifest, id)]
  const installed = await run('install', [...values(manifestOf(base)), '--create-namespace'])
  if (installed.code !== 0) return `${base}: cannot be installed: ${installed.stderr}`
  if (base.startsWith('PersistentVolumeClaim')) await bind(server, id)
  const { code, stderr } = await run('upgrade', values(changed(base, changes)))
  await run('uninstall', [])
  await kubectl(server.kubeconfig, ['delete', 'namespace', id, '--wait=false'])
  const isRefused = expectsRefusal(change, server, helm)
  if ((code !== 0) === isRefused) return undefined
  const answer = isRefused ? 'is accepted' : `is refused: ${stderr.trim().slice(-300)}`
  return `Helm ${helm} ${base}: ${JSON.stringify(changes)}: ${answer}`
}

function expectsRefusal(change: FieldCase, { minor }: Server, helm: 3 | 4): boolean {
  if (change.refused === undefined) return false
  if (change.since !== undefined && minor >= change.since) return false
  return change.helm === undefined || change.helm === helm
}

async function kubectl(
  kubeconfig: string,
  args: readonly string[],
  input = '',
): Promise<CommandResult> {
  const { path } = await resolveTool('kubectl')
  const result = await runCommand(path, ['--kubeconfig', kubeconfig, ...args], { input })
  if (result.code !== 0) fail(`verify-upgrades: kubectl ${args.join(' ')}: ${result.stderr.trim()}`)
  return result
}

function makeChart(server: Server, id: string): string {
  const chart = join(server.dir, id)
  mkdirSync(join(chart, 'templates'), { recursive: true })
  writeFileSync(join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: one\nversion: 1.0.0\n')
  writeFileSync(join(chart, 'templates/object.yaml'), '{{ .Values.manifest }}\n')
  return chart
}

function writeValues(chart: string, manifest: string, id: string): string {
  const file = join(chart, 'input.json')
  writeFileSync(file, JSON.stringify({ manifest: distinct(manifest, id) }))
  return file
}

/** What the volume controller would do. */
async function bind({ kubeconfig }: Server, id: string): Promise<void> {
  const status = JSON.stringify({ status: { phase: 'Bound', capacity: { storage: '2Gi' } } })
  const how = ['--subresource=status', '--type=merge', '-p', status]
  await kubectl(kubeconfig, ['patch', 'pvc', id, '-n', id, ...how])
}

/** The manifest with names, addresses and ports that no other case has. */
function distinct(manifest: string, id: string): string {
  const [, helm = '', index = ''] = /h(\d)n(\d+)$/.exec(id) ?? []
  const port = (digit: string): string =>
    String(30000 + Number(index) * 10 + (9 - Number(digit)) + (helm === '4' ? 5 : 0))
  return manifest
    .replace(/\bdemo\b/g, id)
    .replace(/10\.96\.7\.(\d)/g, `10.96.${index}.${helm}$1`)
    .replace(/3199(\d)/g, (_, digit: string) => port(digit))
}

await runScript(main, import.meta)
