// Writes what was rendered, one file for each object, without any secret.
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { mapSecret, masked } from '../diagnosis/mask.ts'
import type { Manifest } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

/** Replaces the folder `dir/name` by the render's objects at once; returns its path. */
export function writeRender(dir: string, name: string, render: Render): string {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const fresh = mkdtempSync(join(dir, `.${name}-`))
  for (const [file, object] of nameFiles(render)) {
    writeFileSync(join(fresh, file), toText(object), { mode: 0o600 })
  }
  const target = join(dir, name)
  replace(fresh, target)
  return target
}

// Another run may put its folder there in between: then this one is newer.
function replace(fresh: string, target: string): void {
  for (let left = 5; ; left--) {
    rmSync(target, { recursive: true, force: true })
    try {
      renameSync(fresh, target)
      return
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : ''
      if (left === 0 || (code !== 'ENOTEMPTY' && code !== 'EEXIST')) throw error
    }
  }
}

/** `<kind>-<name>.yaml`; a second object of that name gets a number. */
function nameFiles({ objects }: Render): Map<string, Manifest> {
  const files = new Map<string, Manifest>()
  for (const object of objects) {
    const base = `${object.kind.toLowerCase()}-${object.metadata.name.replaceAll(/[^\w.-]/g, '_')}`
    let file = `${base}.yaml`
    for (let number = 2; files.has(file); number++) file = `${base}-${number}.yaml`
    files.set(file, object)
  }
  return files
}

// In the dialect that Kubernetes reads, where `yes` is a string only if it is quoted.
function toText(object: Manifest): string {
  const source = object.source === '' ? '' : `# Source: ${object.source}\n`
  const shown = mapSecret(object, () => masked)
  return source + stringify(shown, { version: '1.1', lineWidth: 0 })
}
