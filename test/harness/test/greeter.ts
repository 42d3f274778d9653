import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ToolPin } from '../src/tools/tool-pins.ts'
import type { ResolveOptions } from '../src/tools/tools.ts'
import { temporaryFolder } from './support.ts'

/** This machine, as pins name it. */
export const platform = `${process.platform}-${process.arch}`

/** The pin of a program that nobody has installed. */
export const greeter: ToolPin = {
  name: 'greeter',
  programs: ['greet'],
  envVars: [{ name: 'GREETER_BIN' }, { name: 'GREET_BIN', shared: true }],
  version: '2.1.0',
  accepts: '>=2.0.0 <3.0.0-0',
  versionArgs: ['version'],
  cache: 'greeter',
}

/** Writes a program of this version into the folder. */
export function program(dir: string, version: string, name = 'greet'): string {
  const path = join(dir, name)
  mkdirSync(dir, { recursive: true })
  writeFileSync(path, `#!/bin/sh\necho "${name} v${version}"\n`)
  chmodSync(path, 0o755)
  return path
}

/** Look-up settings with a cache, an environment and a log of their own. */
export function options(more: ResolveOptions = {}): ResolveOptions & { readonly lines: string[] } {
  const lines: string[] = []
  const log = (line: string) => lines.push(line)
  return { pin: greeter, env: {}, cacheDir: temporaryFolder(), log, lines, ...more }
}
