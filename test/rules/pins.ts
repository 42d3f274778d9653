// The images that the chart pins: tags in chart/values.yaml, and Mastodon's version, which is the appVersion of Chart.yaml.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord, parseYaml, valuesIn } from 'chart-harness'
import { chart } from './project.ts'

/** An image that the chart pins. */
export interface Pin {
  /** Where values.yaml has it, e.g. `redis.image`. */
  readonly path: string
  /** Registry and repository, e.g. `docker.io/valkey/valkey`. */
  readonly image: string
  readonly tag: string
}

/** The version of Mastodon that the chart installs. */
export const appVersion: string = String(readYaml('Chart.yaml').appVersion)

/** Every image of the chart, in the order of values.yaml. */
export const pins: readonly Pin[] = valuesIn(readYaml('values.yaml')).flatMap(({ path, value }) => {
  if (path.at(-1) !== 'image' || !isRecord(value) || value.repository === undefined) return []
  const { registry, repository, tag } = value
  const exact = String(tag || `v${appVersion}`)
  return [{ path: path.join('.'), image: `${registry}/${repository}`, tag: exact }]
})

/** The whole reference of the image that values.yaml has at a path. */
export function pinnedImage(path: string): string {
  const pin = pins.find((one) => one.path === path)
  if (!pin) throw new Error(`values.yaml has no image at ${path}`)
  return `${pin.image}:${pin.tag}`
}

function readYaml(file: string): Record<string, unknown> {
  return parseYaml(readFileSync(join(chart.path, file), 'utf8')) as Record<string, unknown>
}
