import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { definedNames } from '../../templates/blocks.ts'
import { aboutChart, makeCopy, readChartFiles } from '../chart-files.ts'
import { hashOf } from '../disk-cache.ts'
import { driver, driverHelpers, hidden } from './driver-template.ts'

/** A copy of a chart that renders many value sets in one process. */
export interface DriverChart {
  readonly path: string
  /** The name in Chart.yaml. */
  readonly name: string
  /** The templates that Helm renders, e.g. `demo/templates/web/service.yaml`, in its order. */
  readonly templates: readonly string[]
}

/** Runs `helm template` of a chart's folder without values; returns what it prints. */
export type Printer = (dir: string) => Promise<string>

/**
 * Makes the copy below `dir`, or finds it there. Undefined for a chart that only plain renders show
 * correctly: a package, one with subcharts, or one that defines a name twice (the order of files decides).
 * @param text what renders the sets
 */
export async function driverChart(
  chart: string,
  hash: string,
  dir: string,
  print: Printer,
  text = driver(),
): Promise<DriverChart | undefined> {
  const path = join(dir, hashOf(hash, text, driverHelpers([])))
  if (!existsSync(path) && !isDrivable(chart)) return undefined
  await makeCopy(chart, path, (copy) => build(chart, copy, print, text))
  return { path, ...(JSON.parse(readFileSync(join(path, indexFile), 'utf8')) as Index) }
}

type Index = Pick<DriverChart, 'name' | 'templates'>

const driverFile = 'templates/chart-harness-driver.yaml'
const helpersFile = 'templates/_chart-harness.tpl'
const indexFile = 'chart-harness.json'

function isDrivable(chart: string): boolean {
  if (!existsSync(join(chart, 'Chart.yaml')) || existsSync(join(chart, 'charts'))) return false
  const about = aboutChart(chart)
  if (about.type === 'library' || about.dependencies !== undefined) return false
  const defined = templatesOf(chart).flatMap((file) =>
    definedNames(readFileSync(join(chart, file), 'utf8')),
  )
  return new Set(defined).size === defined.length
}

function templatesOf(chart: string): readonly string[] {
  return readChartFiles(chart).names.filter((name) => name.startsWith('templates/'))
}

async function build(chart: string, dir: string, print: Printer, driver: string): Promise<void> {
  const name = String(aboutChart(chart).name)
  rmSync(join(dir, 'values.schema.json'), { force: true })
  const files = templatesOf(chart).filter((file) => !basename(file).startsWith('_'))
  const seen = mayIgnore(chart, files) ? await listSeen(chart, files, `${dir}.names`, print) : files
  for (const file of seen) renameSync(join(dir, file), join(dir, hidden(file)))
  const templates = seen.map((file) => `${name}/${file}`).sort(byHelmsOrder)
  writeFileSync(join(dir, helpersFile), driverHelpers(templates))
  writeFileSync(join(dir, indexFile), JSON.stringify({ name, templates }))
  writeFileSync(join(dir, driverFile), driver)
}

function mayIgnore(chart: string, templates: readonly string[]): boolean {
  const hasHidden = templates.some((file) => /\/\./.test(file))
  return hasHidden || existsSync(join(chart, '.helmignore'))
}

// Only Helm knows what it ignores. So it renders templates that print their own names.
async function listSeen(
  chart: string,
  templates: readonly string[],
  dir: string,
  print: Printer,
): Promise<readonly string[]> {
  for (const file of templates) {
    mkdirSync(dirname(join(dir, file)), { recursive: true })
    writeFileSync(join(dir, file), '# {{ .Template.Name }}')
  }
  writeFileSync(join(dir, 'Chart.yaml'), '{apiVersion: v2, name: names, version: 0.0.0}\n')
  const rules = join(chart, '.helmignore')
  if (existsSync(rules)) cpSync(rules, join(dir, '.helmignore'))
  const sources = (await print(dir)).matchAll(/^# Source: names\/(.+)$/gm)
  rmSync(dir, { recursive: true })
  const notes = templates.filter((file) => file.endsWith('NOTES.txt'))
  return [...[...sources].map(([, file = '']) => file), ...notes]
}

// Deepest first, then backwards by name: a chart may leave something on `$` for the next template.
function byHelmsOrder(a: string, b: string): number {
  const depth = (path: string): number => path.split('/').length
  return depth(b) - depth(a) || (a < b ? 1 : -1)
}
