// Usage: npm run diff -- old.yaml new.yaml [--chart-from DIR|TGZ] [--chart-to DIR|TGZ] [-f values.yaml]… [--release NAME] [-n NAMESPACE] [--helm 3|4] [--json]
// What an upgrade from one set of values, or one chart, to another does: which objects and fields change, which pods
// restart, which Jobs run, and which changes Kubernetes refuses (then it exits with 1). Secrets are masked.
// The release is mastodon in the namespace mastodon, unless --release and --namespace name others.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  compareForPeople,
  createChart,
  describeViolations,
  displayName,
  formatComparison,
  HelmError,
  type Render,
  readValuesFile,
  runCommand,
} from 'chart-harness'
import {
  namespace as defaultNamespace,
  messages,
  chart as ownChart,
} from '../test/rules/project.ts'
import {
  type Call,
  defaultRelease,
  fail,
  readArgs,
  readHelm,
  readNamespace,
  readRelease,
  runScript,
  usageOf,
} from './lib/cli.ts'

/** What `npm run diff` does. */
export async function main({ args, cwd, print }: Call): Promise<number> {
  const { from, to, json, ...options } = readOptions(args, cwd)
  const comparison = compareForPeople(
    await renderSide(from, options, cwd),
    await renderSide(to, options, cwd),
  )
  print(json ? JSON.stringify(comparison, null, 2) : formatComparison(comparison))
  return comparison.refused.length > 0 ? 1 : 0
}

/** One side of the comparison. */
interface Side {
  /** A chart's folder or package, as the user wrote it. */
  readonly chart: string
  readonly files: readonly string[]
}

function readOptions(args: readonly string[], cwd: string) {
  const { values, positionals } = readArgs(import.meta, args, {
    allowPositionals: true,
    options: {
      values: { type: 'string', short: 'f', multiple: true, default: [] },
      'chart-from': { type: 'string', default: ownChart.path },
      'chart-to': { type: 'string', default: ownChart.path },
      release: { type: 'string', default: defaultRelease },
      namespace: { type: 'string', short: 'n', default: defaultNamespace },
      helm: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
    },
  })
  const { 'chart-from': chartFrom, 'chart-to': chartTo, json } = values
  const release = readRelease(import.meta, values.release)
  const namespace = readNamespace(import.meta, values.namespace)
  const helm = readHelm(import.meta, values.helm)
  const nothingDiffers = positionals.length === 0 && chartFrom === chartTo
  if (nothingDiffers || positionals.length === 1 || positionals.length > 2)
    fail(`diff-values: name two values files, or two charts. ${usageOf(import.meta)}`)
  const [old, fresh] = positionals.map((file) => [file])
  const side = (chart: string, files: readonly string[] = []): Side => {
    return { chart, files: [...values.values, ...files].map((path) => resolve(cwd, path)) }
  }
  const [from, to] = [side(chartFrom, old), side(chartTo, fresh)]
  checkFiles([...from.files, ...to.files], cwd)
  return { from, to, release, namespace, helm, json }
}

function checkFiles(paths: readonly string[], cwd: string): void {
  const read = [...new Set(paths)].map((path) => readValuesFile(path, cwd))
  const problems = read.filter((file) => typeof file === 'string')
  if (problems.length > 0) fail(problems.map((problem) => `diff-values: ${problem}`).join('\n'))
}

async function renderSide(
  { chart, files }: Side,
  options: Pick<ReturnType<typeof readOptions>, 'release' | 'namespace' | 'helm'>,
  cwd: string,
): Promise<Render> {
  const dir = mkdtempSync(join(tmpdir(), 'diff-chart-'))
  try {
    const path = await openChart(chart, dir, cwd)
    const rendering = createChart({ ...options, ...messages, path }).render({
      files,
      helm: options.helm,
    })
    return await rendering.catch((error: unknown) => failWith(error, path))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Says what Helm refuses; anything else is thrown. */
function failWith(error: unknown, chart: string): never {
  if (!(error instanceof HelmError)) throw error
  const { command, lines, violations } = error.failure
  const said = violations ? describeViolations(chart, violations) : lines
  return fail([`diff-values: ${command} fails:`, ...said.map((line) => `  ${line}`)].join('\n'))
}

/** The folder of a chart; a package is unpacked into `dir`. */
async function openChart(given: string, dir: string, cwd: string): Promise<string> {
  const path = resolve(cwd, given)
  const name = displayName(path, cwd)
  if (existsSync(join(path, 'Chart.yaml'))) return path
  if (!existsSync(path))
    fail(`diff-values: ${name} does not exist. Name a chart's folder or package.`)
  if (!/\.(tgz|tar\.gz)$/.test(path))
    fail(
      `diff-values: ${name} is not a chart: it has no Chart.yaml. Name a chart's folder or package.`,
    )
  const { code, stderr } = await runCommand('tar', ['-xzf', path, '-C', dir])
  const [folder = ''] = code === 0 ? readdirSync(dir) : []
  if (existsSync(join(dir, folder, 'Chart.yaml'))) return join(dir, folder)
  const reason = stderr.trim().split('\n')[0]
  return fail(
    `diff-values: ${name} is not a chart package${reason ? ` (${reason})` : ''}. Package it with helm package.`,
  )
}

await runScript(main, import.meta)
