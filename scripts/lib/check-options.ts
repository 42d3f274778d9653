// The command line of check-values.
import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { exampleFile, examples, minors, chart as ownChart } from '../../test/rules/project.ts'
import { fail, readArgs } from './cli.ts'

const usage =
  'check-values: npm start -- [-f values.yaml]… [--helm 3|4] [--kube 1.36] [--chart DIR] [--json] [--quiet]'

/** One set of values: an example, or the user's files over each other. */
export interface ValueSet {
  readonly name: string
  readonly release: string
  readonly files: readonly string[]
  readonly isExample: boolean
}

/** What is to be checked, and how it is told. */
export interface CheckOptions {
  /** Below it, paths are shown relative. */
  readonly cwd: string
  readonly sets: readonly ValueSet[]
  readonly chart: string
  readonly helms: readonly (3 | 4)[]
  readonly minors: readonly string[]
  /** Set when the user named one Kubernetes version, which the chart then sees. */
  readonly kube?: string
  readonly json: boolean
  readonly quiet: boolean
}

/** Reads the command line, with paths relative to `cwd`; a mistake is one sentence. */
export function readOptions(args: readonly string[], cwd: string): CheckOptions {
  const { values } = readArgs(usage, {
    args: [...args],
    options: {
      values: { type: 'string', short: 'f', multiple: true },
      helm: { type: 'string' },
      kube: { type: 'string' },
      chart: { type: 'string' },
      json: { type: 'boolean', default: false },
      quiet: { type: 'boolean', short: 'q', default: false },
    },
  })
  const { kube, json, quiet } = values
  return {
    cwd,
    sets: values.values ? [userSet(values.values, cwd)] : exampleSets(),
    chart: chartOf(values.chart, cwd),
    helms: helmsOf(values.helm),
    minors: minorsOf(kube),
    ...(kube === undefined ? {} : { kube }),
    json,
    quiet,
  }
}

function exampleSets(): ValueSet[] {
  return examples.map((name) => {
    return { name, release: name, files: [exampleFile(name)], isExample: true }
  })
}

function userSet(files: readonly string[], cwd: string): ValueSet {
  const name = files.map((file) => basename(file).replace(/\.ya?ml$/, '')).join('+')
  return {
    name: name.replaceAll(/[^\w.+-]/g, '_'),
    release: releaseName(name),
    files: files.map((file) => resolve(cwd, file)),
    isExample: false,
  }
}

/** A release name that Helm takes, from any text. */
function releaseName(text: string): string {
  const word = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .slice(0, 40)
  return word.replaceAll(/^-+|-+$/g, '') || 'values'
}

function chartOf(path: string | undefined, cwd: string): string {
  const chart = resolve(cwd, path ?? ownChart.path)
  if (existsSync(join(chart, 'Chart.yaml'))) return chart
  return fail(`check-values: ${path} is no chart, it has no Chart.yaml. Name a chart's folder.`)
}

function helmsOf(helm: string | undefined): readonly (3 | 4)[] {
  if (helm === undefined) return [3, 4]
  if (helm === '3') return [3]
  if (helm === '4') return [4]
  return fail(`check-values: --helm ${helm} is not known. Write 3 or 4, or leave it out for both.`)
}

function minorsOf(kube: string | undefined): readonly string[] {
  if (kube === undefined) return minors
  const minor = /^v?(1\.\d+)(\.\d+)?$/.exec(kube)?.[1]
  if (minor !== undefined && minors.includes(minor)) return [minor]
  return fail(
    `check-values: --kube ${kube} is not known. Write a version from ${minors[0]} to ${minors.at(-1)}.`,
  )
}
