// Usage: npm start -- [-f values.yaml]… [--release NAME] [-n NAMESPACE] [--schemas DIR] [--helm 3|4] [--kube 1.NN] [--chart DIR] [--json] [--quiet]
// Renders and checks every example, or your values (several files are merged as Helm does), with Helm 3 and 4
// against every Kubernetes minor, and writes rendered/<values>/<kind>-<name>.yaml, secrets masked.
// Your values are checked as the release mastodon in the namespace mastodon; --release and --namespace name others.
// --schemas names a folder with schemas of more kinds, such as middleware-traefik-v1alpha1.json.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import {
  checkSets,
  formatFindings,
  formatTable,
  optionalTool,
  type SetReport,
  schemaFileOf,
  type ValuesSet,
  writeRender,
} from 'chart-harness'
import { type Need, needsOf } from '../test/rules/external.ts'
import {
  chart,
  crdDir,
  exampleFile,
  examples,
  messages,
  minors,
  namespace,
  root,
  schemaDir,
} from '../test/rules/project.ts'
import { exampleRules, userAdvice, userRules } from '../test/rules/rules.ts'
import {
  type Call,
  defaultRelease,
  fail,
  readArgs,
  readHelm,
  readNamespace,
  readRelease,
  runScript,
} from './lib/cli.ts'

const rendered = join(root, 'rendered')
const assumption = `checked as the release ${defaultRelease}; --release names another`

/** What `npm start` does. */
export async function main({ args, cwd, print, warn }: Call): Promise<number> {
  const { json, quiet, sets, hasNoRelease, ...options } = readOptions(args, cwd)
  const kubeconform = (await optionalTool('kubeconform', { log: warn })) !== undefined
  const tell = (line: string): void => {
    if (!quiet && !json) warn(line)
  }
  const settings = { ...options, messages, schemas: schemaDir, kubeconform, cwd, tell }
  const checked = await checkSets(sets, settings)
  const reports = checked.map(({ report, renders }) => {
    const last = renders.slice(-1)
    for (const render of last) writeRender(rendered, report.name, render)
    // What an earlier run wrote is not what these values render.
    if (last.length === 0) rmSync(join(rendered, report.name), { recursive: true, force: true })
    const warnings = [...report.warnings, ...uncheckedWarning(report.unchecked)]
    return { ...report, warnings, needs: last.flatMap(needsOf) }
  })
  const ok = reports.every((report) => report.ok)
  const code = ok ? 0 : 1
  if (json) {
    print(JSON.stringify({ ok, kubernetes: options.minors, sets: reports }, null, 2))
    return code
  }
  for (const line of reports.flatMap((report) => describe(report, cwd))) warn(line)
  const wasRead = reports.every(({ findings }) => findings.every(({ stage }) => stage !== 'file'))
  if (hasNoRelease && wasRead && !(quiet && ok)) warn(assumption)
  if (quiet) return code
  print(formatTable(reports, options.minors))
  for (const { name, needs } of reports) for (const need of needs) print(formatNeed(name, need))
  if (checked.some(({ renders }) => renders.length > 0))
    print(`rendered: ${relative(cwd, rendered)}/`)
  return code
}

/** What is wrong with a set of values, and what should be known. */
function describe(report: SetReport, cwd: string): string[] {
  const warnings = report.warnings.map((warning) => `${report.name}: warning: ${warning}`)
  return report.ok ? warnings : [formatFindings(report, cwd), ...warnings]
}

/** One line about all kinds that have no schema. */
function uncheckedWarning(kinds: readonly string[]): string[] {
  const files = kinds.map((each) => {
    const [apiVersion = '', kind = ''] = each.split(' ')
    return schemaFileOf({ apiVersion, kind })
  })
  if (kinds.length === 0) return []
  const remedy = `--schemas DIR names a folder that has them: ${files.join(', ')}.`
  return [`not checked, because there is no schema of ${kinds.join(', ')}. ${remedy}`]
}

function formatNeed(values: string, { kind, name, keys }: Need): string {
  return `${values} needs ${kind} ${name}${keys.length === 0 ? '' : ` with ${keys.join(', ')}`}`
}

const commandLine = {
  values: { type: 'string', short: 'f', multiple: true },
  release: { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  schemas: { type: 'string' },
  helm: { type: 'string' },
  kube: { type: 'string' },
  chart: { type: 'string', default: chart.path },
  json: { type: 'boolean', default: false },
  quiet: { type: 'boolean', short: 'q', default: false },
} as const

/** Reads the command line, with paths relative to `cwd`; a mistake is one sentence. */
function readOptions(args: readonly string[], cwd: string) {
  const { values } = readArgs(import.meta, args, { options: commandLine })
  const { values: files, release, helm, kube, json, quiet } = values
  if (!files && (release ?? values.namespace) !== undefined)
    fail('check-values: --release and --namespace are for your own values. Add -f values.yaml.')
  return {
    sets: files
      ? [userSet(files, readRelease(import.meta, release ?? defaultRelease), cwd)]
      : examples.map(exampleSet),
    hasNoRelease: files !== undefined && release === undefined,
    namespace: readNamespace(import.meta, values.namespace ?? namespace),
    chart: readChart(values.chart, cwd),
    crds: [...(values.schemas === undefined ? [] : [readFolder(values.schemas, cwd)]), crdDir],
    helms: helm === undefined ? ([3, 4] as const) : [readHelm(import.meta, helm)],
    minors: readMinors(kube),
    kube,
    json,
    quiet,
  }
}

function exampleSet(name: string): ValuesSet {
  return { name, release: name, files: [exampleFile(name)], rules: exampleRules, advice: [] }
}

function userSet(files: readonly string[], release: string, cwd: string): ValuesSet {
  const name = files.map((file) => basename(file).replace(/\.ya?ml$/, '')).join('+')
  return {
    // It becomes the name of a folder in rendered/.
    name: name.replaceAll(/[^\w.+-]|^\.*$|^\./g, '_'),
    release,
    files: files.map((file) => resolve(cwd, file)),
    rules: userRules,
    advice: userAdvice,
  }
}

function readChart(path: string, cwd: string): string {
  const dir = resolve(cwd, path)
  if (existsSync(join(dir, 'Chart.yaml'))) return dir
  return fail(`check-values: ${path} is not a chart: it has no Chart.yaml. Name a chart's folder.`)
}

/** The folder of --schemas, which holds at least one schema. */
function readFolder(path: string, cwd: string): string {
  const dir = resolve(cwd, path)
  const isFolder = statSync(dir, { throwIfNoEntry: false })?.isDirectory() ?? false
  if (isFolder && readdirSync(dir).some((file) => file.endsWith('.json'))) return dir
  const found = isFolder ? 'has no file that ends in .json' : 'is not a folder'
  return fail(`check-values: --schemas ${path} ${found}. Name a folder with JSON Schemas.`)
}

function readMinors(kube: string | undefined): readonly string[] {
  if (kube === undefined) return minors
  const minor = /^v?(1\.\d+)(\.\d+)?$/.exec(kube)?.[1]
  if (minor !== undefined && minors.includes(minor)) return [minor]
  const range = `${minors[0]} to ${minors.at(-1)}`
  return fail(`check-values: --kube ${kube} is not known. Write a version from ${range}.`)
}

await runScript(main, import.meta)
