import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
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
