import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { isRecord } from '../objects/manifests.ts'
import { parseYaml, splitDocuments } from '../objects/yaml.ts'

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
 * never shows notes, and the dry run of Helm 3 wants a cluster.
 */
export function notesChart(chart: string, hash: string, dir: string): string {
  const copy = join(dir, hash)
  if (existsSync(copy)) return copy
  const temporary = join(dir, `${hash}.${process.pid}.${Math.random().toString(36).slice(2)}`)
  mkdirSync(dir, { recursive: true })
  cpSync(chart, temporary, { recursive: true, dereference: true })
  const notes = join(temporary, 'templates/NOTES.txt')
  if (!existsSync(notes)) {
    rmSync(temporary, { recursive: true })
    throw new Error(`${chart} has no templates/NOTES.txt. Render it without showNotes.`)
  }
  const text = readFileSync(notes, 'utf8')
  rmSync(notes)
  writeFileSync(join(temporary, 'templates/_chart-harness-notes.tpl'), define(text))
  writeFileSync(join(temporary, notesTemplate), printer)
  moveInto(temporary, copy)
  return copy
}

function define(text: string): string {
  return `{{ define "chart-harness.notes" }}${text}{{ end }}`
}

function moveInto(temporary: string, copy: string): void {
  try {
    renameSync(temporary, copy)
  } catch (error) {
    rmSync(temporary, { recursive: true })
    if (!existsSync(copy)) throw error // else another worker was faster
  }
}

/** The notes out of what the copy rendered, trimmed as Helm prints them. */
export function readNotes(output: string): string {
  const [document] = splitDocuments(output)
  const manifest = document ? parseYaml(document.text) : undefined
  const data = isRecord(manifest) ? manifest.data : undefined
  if (!isRecord(data) || typeof data.notes !== 'string') throw new Error('no notes were rendered')
  return data.notes.trim()
}
