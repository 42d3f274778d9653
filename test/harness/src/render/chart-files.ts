import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { isRecord } from '../objects/manifests.ts'
import { parseYaml } from '../objects/yaml.ts'
import { hashOf } from './disk-cache.ts'

/** The files of a chart and a hash of all names and contents. */
export interface ChartFiles {
  readonly names: readonly string[]
  readonly hash: string
}

/** Reads every file of the chart (a folder, or a `.tgz`), so that a render can be kept under what it was made from. */
export function readChartFiles(path: string): ChartFiles {
  const stats = statSync(path, { throwIfNoEntry: false })
  if (stats?.isFile() && path.endsWith('.tgz')) {
    return { names: [basename(path)], hash: hashOf(readFileSync(path)) }
  }
  const names = stats?.isDirectory() ? listFiles(path).map((file) => relative(path, file)) : []
  if (!names.includes('Chart.yaml')) {
    const reason = stats ? 'it has no Chart.yaml' : 'it does not exist'
    throw new Error(`${path} is not a chart: ${reason}. Name a chart's folder or package.`)
  }
  names.sort()
  return { names, hash: hashOf(...names.flatMap((name) => [name, readFileSync(join(path, name))])) }
}

function listFiles(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? listFiles(path) : [path]
  })
}

/** A file below a `templates` folder of a chart or of one of its unpacked subcharts. */
export interface TemplateFile {
  /** Relative to the chart's folder. */
  readonly file: string
  /** As Helm calls it, e.g. `demo/charts/db/templates/service.yaml`. */
  readonly name: string
}

/** Every template file of the chart; none for a package. */
export function templateFiles(chart: string): readonly TemplateFile[] {
  if (!existsSync(join(chart, 'Chart.yaml'))) return []
  const charts = chartFolders(chart)
  return readChartFiles(chart).names.flatMap((file) =>
    charts
      .filter(({ folder }) => file.startsWith(`${folder}templates/`))
      .map(({ folder, name }) => ({ file, name: `${name}/${file.slice(folder.length)}` })),
  )
}

/** The folder (relative, with a slash at its end) of each chart, and its name in templates' names. */
export function chartFolders(
  chart: string,
  folder = '',
  name = String(aboutChart(chart).name),
): { readonly folder: string; readonly name: string }[] {
  const below = join(chart, folder, 'charts')
  const subcharts = existsSync(below) ? readdirSync(below) : []
  return [
    { folder, name },
    ...subcharts
      .filter((entry) => existsSync(join(below, entry, 'Chart.yaml')))
      .flatMap((entry) => {
        const inner = `${folder}charts/${entry}/`
        return chartFolders(chart, inner, `${name}/charts/${aboutChart(join(chart, inner)).name}`)
      }),
  ]
}

/** What Chart.yaml says. */
export function aboutChart(chart: string): Readonly<Record<string, unknown>> {
  const about = parseYaml(readFileSync(join(chart, 'Chart.yaml'), 'utf8'), 'Chart.yaml')
  return isRecord(about) ? about : {}
}

/** Copies a chart's folder to `path`; `files` are written into the copy. */
export function copyChart(
  chart: string,
  path: string,
  files: Readonly<Record<string, string>> = {},
): string {
  cpSync(chart, path, { recursive: true, dereference: true })
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true })
    writeFileSync(join(path, file), text)
  }
  return path
}

/**
 * Makes a changed copy of a chart at `path`, unless it exists. It appears all at once, because several
 * processes may need it at the same time.
 */
export async function makeCopy(
  chart: string,
  path: string,
  change: (copy: string) => void | Promise<void>,
): Promise<void> {
  if (existsSync(path)) return
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  try {
    copyChart(chart, temporary)
    await change(temporary)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true })
    if (!existsSync(path)) throw error // else another process was faster
  }
}
