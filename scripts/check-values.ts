// Usage: npm start -- [-f values.yaml]… [--helm 3|4] [--kube 1.NN] [--chart DIR] [--json] [--quiet]
// Renders and checks every example, or your values (several files are merged as Helm does), with Helm 3 and 4
// against every Kubernetes minor, and writes rendered/<values>/<kind>-<name>.yaml, secrets masked.
import { existsSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import {
  checkSets,
  formatFindings,
  formatTable,
  optionalTool,
  type ValuesSet,
  writeRender,
} from 'chart-harness'
import { type Need, needsOf } from '../test/rules/external.ts'
import {
  chart,
  exampleFile,
  examples,
  messages,
  minors,
  namespace,
  root,
  schemaDir,
} from '../test/rules/project.ts'
import { exampleRules, userAdvice, userRules } from '../test/rules/rules.ts'
import { type Call, fail, readArgs, readHelm, runScript } from './lib/cli.ts'

const rendered = join(root, 'rendered')

/** What `npm start` does. */
export async function main({ args, cwd, print, warn }: Call): Promise<number> {
  const { json, quiet, sets, ...options } = readOptions(args, cwd)
  const kubeconform = (await optionalTool('kubeconform', { log: warn })) !== undefined
  const tell = (line: string): void => {
    if (!quiet && !json) warn(line)
  }
  const settings = { ...options, namespace, messages, schemas: schemaDir, kubeconform, cwd, tell }
  const checked = await checkSets(sets, settings)
  const reports = checked.map(({ report, renders }) => {
    const last = renders.slice(-1)
    for (const render of last) writeRender(rendered, report.name, render)
    return { ...report, needs: last.flatMap(needsOf) }
  })
  const ok = reports.every((report) => report.ok)
  const code = ok ? 0 : 1
  if (json) {
    print(JSON.stringify({ ok, kubernetes: options.minors, sets: reports }, null, 2))
    return code
  }
  for (const report of reports) {
    if (!report.ok) warn(formatFindings(report, cwd))
    for (const warning of report.warnings) warn(`${report.name}: warning: ${warning}`)
  }
  if (quiet) return code
  print(formatTable(reports, options.minors))
  for (const { name, needs } of reports) for (const need of needs) print(formatNeed(name, need))
  if (checked.some(({ renders }) => renders.length > 0))
    print(`rendered: ${relative(cwd, rendered)}/`)
  return code
}

function formatNeed(values: string, { kind, name, keys }: Need): string {
  return `${values} needs ${kind} ${name}${keys.length === 0 ? '' : ` with ${keys.join(', ')}`}`
}

/** Reads the command line, with paths relative to `cwd`; a mistake is one sentence. */
function readOptions(args: readonly string[], cwd: string) {
  const { values } = readArgs(import.meta, args, {
    options: {
      values: { type: 'string', short: 'f', multiple: true },
      helm: { type: 'string' },
      kube: { type: 'string' },
      chart: { type: 'string', default: chart.path },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', short: 'q', default: false },
    },
  })
  const { helm, kube, json, quiet } = values
  return {
    sets: values.values ? [userSet(values.values, cwd)] : examples.map(exampleSet),
    chart: readChart(values.chart, cwd),
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

function userSet(files: readonly string[], cwd: string): ValuesSet {
  const name = files.map((file) => basename(file).replace(/\.ya?ml$/, '')).join('+')
  return {
    name: name.replaceAll(/[^\w.+-]/g, '_'),
    release: releaseName(name),
    files: files.map((file) => resolve(cwd, file)),
    rules: userRules,
    advice: userAdvice,
  }
}

/** Turns any text into a release name that Helm accepts. */
function releaseName(text: string): string {
  const words = text.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-')
  return words.slice(0, 40).replaceAll(/^-+|-+$/g, '') || 'values'
}

function readChart(path: string, cwd: string): string {
  const dir = resolve(cwd, path)
  if (existsSync(join(dir, 'Chart.yaml'))) return dir
  return fail(`check-values: ${path} is not a chart: it has no Chart.yaml. Name a chart's folder.`)
}

function readMinors(kube: string | undefined): readonly string[] {
  if (kube === undefined) return minors
  const minor = /^v?(1\.\d+)(\.\d+)?$/.exec(kube)?.[1]
  if (minor !== undefined && minors.includes(minor)) return [minor]
  const range = `${minors[0]} to ${minors.at(-1)}`
  return fail(`check-values: --kube ${kube} is not known. Write a version from ${range}.`)
}

await runScript(main, import.meta)
