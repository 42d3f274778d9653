import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRecord } from '../objects/manifests.ts'
import { parseYaml, splitDocuments } from '../objects/yaml.ts'
import { makeCopy } from './chart-files.ts'

/** The template, in the chart's copy, that prints the notes. */
export const notesTemplate = 'templates/chart-harness-notes.yaml'

const printer = `apiVersion: v1
kind: ConfigMap
metadata:
  name: chart-harness-notes
data:
  notes: {{ include "chart-harness.notes" . | toJson }}
`

/**
 * A copy of the chart in which NOTES.txt is a named template that a manifest prints. `helm template`
 * never shows notes, and the dry run of Helm 3 needs a cluster.
 */
export async function notesChart(chart: string, hash: string, dir: string): Promise<string> {
  const path = join(dir, hash)
  await makeCopy(chart, path, (copy) => {
    const notes = join(copy, 'templates/NOTES.txt')
    if (!existsSync(notes)) {
      throw new Error(`${chart} has no templates/NOTES.txt. Render it without showNotes.`)
    }
    const define = `{{ define "chart-harness.notes" }}${readFileSync(notes, 'utf8')}{{ end }}`
    rmSync(notes)
    writeFileSync(join(copy, 'templates/_chart-harness-notes.tpl'), define)
    writeFileSync(join(copy, notesTemplate), printer)
  })
  return path
}

/** The notes out of what the copy rendered, trimmed as Helm prints them. */
export function readNotes(output: string): string {
  const [document] = splitDocuments(output)
  const manifest = document ? parseYaml(document.text) : undefined
  const data = isRecord(manifest) ? manifest.data : undefined
  if (!isRecord(data) || typeof data.notes !== 'string') throw new Error('no notes were rendered')
  return data.notes.trim()
}
