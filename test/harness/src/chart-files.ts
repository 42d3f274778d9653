import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { hashOf } from './disk-cache.ts'

/** The files of a chart and a hash of all names and contents. */
export interface ChartFiles {
  readonly names: readonly string[]
  readonly hash: string
}

/** Reads every file of the chart, so that a render can be kept under what it was made from. */
export function readChartFiles(path: string): ChartFiles {
  const names = listFiles(path)
    .map((file) => relative(path, file))
    .sort()
  if (!names.includes('Chart.yaml')) {
    throw new Error(`${path} is not a chart: it has no Chart.yaml. Name a chart's folder.`)
  }
  return { names, hash: hashOf(...names.flatMap((name) => [name, readFileSync(join(path, name))])) }
}

function listFiles(dir: string): string[] {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name)
    return statSync(path).isDirectory() ? listFiles(path) : [path]
  })
}
