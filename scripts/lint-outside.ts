// Usage: npm run lint:outside [-- --all]
// Runs kube-score and checkov over the zero-value render and every example, as far as they are at hand (`--all`: both
// must be). What they may say is in lib/linter-exceptions.ts, with the reasons; all else fails.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createChart, resolveTool, ToolError } from 'chart-harness'
import { $ } from 'zx'
import { fail, readArgs, runScript } from './lib/cli.ts'
import { type LinterException, linterExceptions } from './lib/linter-exceptions.ts'
import './lib/tools.ts'

const USAGE = 'lint:outside: npm run lint:outside [-- --all]'
const ROOT = join(import.meta.dirname, '..')
const EXAMPLES = join(ROOT, 'values-examples')
const KUBE_SCORE_OPTIONAL = 'container-seccomp-profile,container-ports-check'

interface Finding {
  readonly linter: LinterException['linter']
  readonly check: string
  readonly where: string
}

interface Score {
  readonly type_meta: { readonly kind: string }
  readonly object_meta: { readonly name: string }
  readonly checks: readonly {
    readonly check: { readonly id: string }
    readonly grade: number
    readonly skipped: boolean
  }[]
}

interface CheckovReport {
  readonly results: {
    readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[]
  }
  readonly summary: { readonly passed: number; readonly parsing_errors: number }
}

await runScript(async () => {
  const { values: options } = readArgs(USAGE, {
    options: { all: { type: 'boolean', default: false } },
  })
  const folder = mkdtempSync(join(tmpdir(), 'lint-'))
  try {
    const files = await renderAll(folder)
    const findings: Finding[] = []
    for (const [name, lint] of [
      ['kube-score', runKubeScore],
      ['checkov', runCheckov],
    ] as const) {
      const path = await find(name, options.all)
      if (path) findings.push(...(await lint(path, files)))
    }
    report(findings)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

/** Renders into `folder`; a map from the values' names to the files. */
async function renderAll(folder: string): Promise<Map<string, string>> {
  const chart = createChart({ path: join(ROOT, 'chart'), release: 't', namespace: 'mastodon' })
  const examples = readdirSync(EXAMPLES).sort()
  const sets: [string, string[]][] = [['zero-values', []]]
  for (const file of examples) sets.push([basename(file, '.yaml'), [join(EXAMPLES, file)]])
  const files = new Map<string, string>()
  for (const [name, list] of sets) {
    const render = await chart.render({ files: list })
    files.set(name, join(folder, `${name}.yaml`))
    writeFileSync(join(folder, `${name}.yaml`), render.text)
  }
  return files
}

/** The program's path; undefined, with one line, if it is not at hand and need not be. */
async function find(name: string, needed: boolean): Promise<string | undefined> {
  try {
    return (await resolveTool(name)).path
  } catch (error) {
    if (needed || !(error instanceof ToolError)) throw error
    console.error(`${name} was not run: ${error.message}`)
    return undefined
  }
}

async function runKubeScore(path: string, files: Map<string, string>): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [values, file] of files) {
    const options = ['--kubernetes-version', 'v1.36', '--ignore-container-cpu-limit', '-o', 'json']
    const run =
      await $`${path} score ${options} --enable-optional-test ${KUBE_SCORE_OPTIONAL} ${file}`
        .quiet()
        .nothrow()
    const scores = JSON.parse(run.stdout) as readonly Score[]
    if (scores.length === 0) fail(`lint:outside: kube-score saw no object of ${values}.`)
    for (const { type_meta, object_meta, checks } of scores) {
      for (const { check, grade, skipped } of checks) {
        if (skipped || grade >= 10) continue
        const where = `${values}:${type_meta.kind}/${object_meta.name}`
        findings.push({ linter: 'kube-score', check: check.id, where })
      }
    }
  }
  return findings
}

async function runCheckov(path: string, files: Map<string, string>): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const [values, file] of files) {
    const options = ['--framework', 'kubernetes', '-o', 'json', '--compact', '--skip-download']
    const run = await $`${path} ${options} -f ${file}`.quiet().nothrow()
    const { results, summary } = JSON.parse(run.stdout) as CheckovReport
    if (summary.passed === 0 || summary.parsing_errors > 0) {
      fail(`lint:outside: checkov could not read the render of ${values}.`)
    }
    for (const { check_id, resource } of results.failed_checks) {
      const [kind, , ...name] = resource.split('.')
      findings.push({
        linter: 'checkov',
        check: check_id,
        where: `${values}:${kind}/${name.join('.')}`,
      })
    }
  }
  return findings
}

function excused(finding: Finding, exception: LinterException): boolean {
  return (
    finding.linter === exception.linter &&
    finding.check === exception.check &&
    (exception.where?.test(finding.where) ?? true)
  )
}

function report(findings: readonly Finding[]): void {
  const open = findings.filter((finding) => !linterExceptions.some((e) => excused(finding, e)))
  const ran = new Set(findings.map(({ linter }) => linter))
  const idle = linterExceptions.filter(
    (e) => ran.has(e.linter) && !findings.some((finding) => excused(finding, e)),
  )
  for (const exception of linterExceptions) {
    const count = findings.filter((finding) => excused(finding, exception)).length
    console.log(`${exception.linter} ${exception.check}: ${count} left, as ${exception.reason}`)
  }
  for (const { linter, check, where } of open) console.error(`${linter} ${check}: ${where}`)
  for (const { linter, check } of idle) {
    console.error(`${linter} ${check}: the exception is not needed any more. Remove it.`)
  }
  const list = [...ran].join(' and ') || 'no linter'
  console.log(`${list}: ${open.length} findings besides the exceptions`)
  if (open.length + idle.length > 0) process.exitCode = 1
}
