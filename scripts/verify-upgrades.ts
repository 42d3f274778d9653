// Usage: npm run verify:upgrades -- --kubeconfig FILE [--helm 3|4] [--only TEXT]
// Asks a real API server, by `helm install` and `helm upgrade`, whether it refuses what the harness says that Kubernetes
// refuses, and takes what it says that it takes. Makes and removes namespaces and cluster-wide objects: use a server of
// your own, with nothing else in it (etcd and kube-apiserver are enough).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { limiter, resolveTool, runCommand } from 'chart-harness'
import { bases } from '../test/harness/test/upgrade/cases/bases.ts'
import type { FieldCase } from '../test/harness/test/upgrade/cases/field-case.ts'
import { fieldCases } from '../test/harness/test/upgrade/cases/field-cases.ts'
import { fail, readArgs, runScript } from './lib/cli.ts'
import './lib/tools.ts'

const usage =
  'verify-upgrades: npm run verify:upgrades -- --kubeconfig FILE [--helm 3|4] [--only TEXT]'

await runScript(async () => {
  const { values } = readArgs(usage, {
    options: {
      kubeconfig: { type: 'string' },
      helm: { type: 'string' },
      only: { type: 'string', default: '' },
    },
  })
  const { kubeconfig, helm, only } = values
  if (kubeconfig === undefined) return fail(`${usage}. Name the server that may be used.`)
  const helms = helm === undefined ? (['3', '4'] as const) : [helm]
  const dir = mkdtempSync(join(tmpdir(), 'verify-upgrades-'))
  const server = { kubeconfig, dir, minor: 0 }
  server.minor = await prepare(server)
  const run = `r${Date.now().toString(36)}`
  const limit = limiter(2)
  const asked = fieldCases.filter(({ base }) => base.includes(only))
  const wrong: string[] = []
  await Promise.all(
    helms.flatMap((major) =>
      asked.map((change, index) =>
        limit(async () => {
          const verdict = await ask(server, change, major, `${run}h${major}n${index}`)
          if (verdict) wrong.push(verdict)
        }),
      ),
    ),
  )
  rmSync(dir, { recursive: true, force: true })
  for (const line of wrong.sort()) console.log(line)
  console.log(
    `${asked.length} changes asked with Helm ${helms.join(' and ')}, ${wrong.length} answered otherwise`,
  )
  if (wrong.length > 0) process.exitCode = 1
})

interface Server {
  readonly kubeconfig: string
  readonly dir: string
  readonly minor: number
}

/** Makes what the cases count on; gives the server's minor. */
async function prepare(server: Server): Promise<number> {
  const classes = [
    'apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {name: grows}\nprovisioner: a\nallowVolumeExpansion: true',
    'apiVersion: storage.k8s.io/v1\nkind: VolumeAttributesClass\nmetadata: {name: fast}\ndriverName: a\nparameters: {a: b}',
  ]
  await kubectl(server, ['apply', '-f', '-'], classes.join('\n---\n'))
  const version = JSON.parse((await kubectl(server, ['version', '-o', 'json'])).stdout)
  return Number.parseInt(version.serverVersion.minor, 10)
}

async function kubectl(server: Server, args: readonly string[], input = '') {
  const result = await runCommand(
    (await resolveTool('kubectl')).path,
    ['--kubeconfig', server.kubeconfig, ...args],
    { input },
  )
  if (result.code !== 0) fail(`verify-upgrades: kubectl ${args.join(' ')}: ${result.stderr.trim()}`)
  return result
}

async function ask(
  server: Server,
  change: FieldCase,
  helm: string,
  id: string,
): Promise<string | undefined> {
  const { base, from, to } = change
  const text: string = bases[base]
  const after = text.replace(from, to)
  if (after === text) return fail(`verify-upgrades: ${base} has no "${from}"`)
  const chart = makeChart(server, id)
  const run = async (verb: string, manifest: string) => {
    const file = join(chart, `${verb}.json`)
    writeFileSync(file, JSON.stringify({ manifest: distinct(manifest, id) }))
    const args = [
      verb,
      id,
      chart,
      '-f',
      file,
      '-n',
      id,
      '--create-namespace',
      '--kubeconfig',
      server.kubeconfig,
    ]
    return runCommand(
      (await resolveTool(`helm${helm}`)).path,
      verb === 'upgrade' ? args.filter((a) => a !== '--create-namespace') : args,
    )
  }
  const installed = await run('install', text)
  if (installed.code !== 0) return `${base}: cannot be installed: ${installed.stderr}`
  if (base.startsWith('PersistentVolumeClaim')) await bind(server, id)
  const { code, stderr } = await run('upgrade', after)
  const refused =
    change.refused !== undefined &&
    !(change.since && server.minor >= change.since) &&
    (change.helm ?? Number(helm)) === Number(helm)
  await runCommand((await resolveTool(`helm${helm}`)).path, [
    'uninstall',
    id,
    '-n',
    id,
    '--kubeconfig',
    server.kubeconfig,
  ])
  await kubectl(server, ['delete', 'namespace', id, '--wait=false'])
  if ((code !== 0) === refused) return undefined
  const line = stderr.trim().split('\n').at(-1)?.slice(0, 300)
  return `Helm ${helm} ${base}: ${JSON.stringify(from)} → ${JSON.stringify(to)}: ${refused ? 'is taken' : `is refused: ${line}`}`
}

function makeChart(server: Server, id: string): string {
  const chart = join(server.dir, id)
  mkdirSync(join(chart, 'templates'), { recursive: true })
  writeFileSync(join(chart, 'Chart.yaml'), `apiVersion: v2\nname: one\nversion: 1.0.0\n`)
  writeFileSync(join(chart, 'templates/object.yaml'), '{{ .Values.manifest }}\n')
  return chart
}

/** What the volume controller would do. */
async function bind(server: Server, id: string): Promise<void> {
  const status = JSON.stringify({ status: { phase: 'Bound', capacity: { storage: '2Gi' } } })
  await kubectl(server, [
    'patch',
    'pvc',
    id,
    '-n',
    id,
    '--subresource=status',
    '--type=merge',
    '-p',
    status,
  ])
}

/** Names, addresses and ports that no other case has. */
function distinct(manifest: string, id: string): string {
  const [, helm = '', index = ''] = /h(\d)n(\d+)$/.exec(id) ?? []
  const port = (digit: string): string =>
    String(30000 + Number(index) * 10 + (9 - Number(digit)) + (helm === '4' ? 5 : 0))
  return manifest
    .replace(/\bdemo\b/g, id)
    .replace(/10\.96\.7\.(\d)/g, `10.96.${index}.${helm}$1`)
    .replace(/3199(\d)/g, (_, digit: string) => port(digit))
}
