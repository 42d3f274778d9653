// The objects of bases.yaml, and what can be changed in them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { withoutValueAt, withValueAt } from '../../src/objects/paths.ts'
import { parseYaml } from '../../src/objects/yaml.ts'

/** Reads a file of this folder. */
export function readYaml<T>(file: string): Readonly<Record<string, T>> {
  return parseYaml(readFileSync(join(import.meta.dirname, file), 'utf8')) as Record<string, T>
}

const { shared: _, ...manifests } = readYaml<object>('bases.yaml')

/** All manifests. */
export const bases: readonly string[] = Object.keys(manifests).map(manifestOf)

/** The manifest with this name. */
export function manifestOf(name: string): string {
  const manifest = manifests[name]
  if (!manifest) throw new Error(`${name} is not in bases.yaml`)
  const named = { metadata: { name: 'demo' }, ...manifest }
  return stringify(named, { version: '1.1', aliasDuplicateObjects: false })
}

/** What becomes of fields, by their paths, e.g. `spec.ports.0.name`; `<removed>` removes one. */
export type Changes = Readonly<Record<string, unknown>>

/** The manifest with these changes. */
export function changed(name: string, changes: Changes): string {
  let object = parseYaml(manifestOf(name))
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    object =
      value === '<removed>' ? withoutValueAt(object, steps) : withValueAt(object, steps, value)
  }
  return JSON.stringify(object)
}
