import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { satisfies } from 'semver'
import { kept } from '../objects/once.ts'
import { cacheRoot } from '../render/disk-cache.ts'
import { type Environment, runCommand } from './run-command.ts'
import { installTool } from './tool-install.ts'
import {
  describeRange,
  presetPins,
  registeredPin,
  type Tool,
  ToolError,
  type ToolPin,
} from './tool-pins.ts'

/** Settings of one look-up; the defaults suit everyone but tests. */
export interface ResolveOptions {
  readonly pin?: ToolPin
  readonly env?: Environment
  readonly cacheDir?: string
  /** Gets one line when something is unpacked, downloaded or built. */
  readonly log?: (line: string) => void
}

const resolved = new Map<string, Promise<Tool>>()
/** Missing tools that have been reported. */
const missed = new WeakSet<ToolError>()

/**
 * Finds an outside program: environment variable, `PATH` (if the version fits), cache, npm package,
 * official release, `go install`. Throws a ToolError of one sentence when all fail.
 */
export function resolveTool(name: string, options: ResolveOptions = {}): Promise<Tool> {
  const search = (): Promise<Tool> => resolve(name, options)
  return Object.keys(options).length > 0 ? search() : kept(resolved, name, search)
}

/**
 * An optional program: when it is missing, one line says so. In CI that is an error, and so is a
 * variable that names no such program.
 */
export async function optionalTool(
  name: string,
  options: ResolveOptions = {},
): Promise<Tool | undefined> {
  const { env = process.env, log = toStandardError } = options
  try {
    return await resolveTool(name, options)
  } catch (error) {
    const isNamed = (options.pin ?? registeredPin(name)).envVars.some((one) => env[one.name])
    if (env.CI || isNamed || !(error instanceof ToolError)) throw error
    if (!missed.has(error)) log(`${name} did not run: ${error.message}`)
    missed.add(error)
    return undefined
  }
}

/**
 * The Helm of a render that names none: 4, or, for those who registered no pin of their own, the one
 * that they have. Throws a ToolError of one sentence when they have none.
 */
export async function defaultHelm(env: Environment = process.env): Promise<3 | 4> {
  const { helm3, helm4 } = presetPins
  if (registeredPin('helm4') !== helm4 || (await find(helm4, env))) return 4
  if (await find(helm3, env)) return 3
  throw new ToolError(
    `there is no helm ${describeRange(helm4)} or ${describeRange(helm3)} on PATH. Install one or set HELM_BIN to it.`,
  )
}

const toStandardError = (line: string): void => void process.stderr.write(`${line}\n`)

async function resolve(name: string, options: ResolveOptions): Promise<Tool> {
  const pin = options.pin ?? registeredPin(name)
  const env = options.env ?? process.env
  const log = options.log ?? toStandardError
  const dir = join(options.cacheDir ?? cacheRoot(pin.cache), 'tools')
  return (await find(pin, env)) ?? (await installTool(pin, { dir, env, log }))
}

// What the user has.
async function find(pin: ToolPin, env: Environment): Promise<Tool | undefined> {
  return (await fromEnvironment(pin, env)) ?? (await fromPath(pin, env))
}

async function fromEnvironment(pin: ToolPin, env: Environment): Promise<Tool | undefined> {
  for (const variable of pin.envVars) {
    const path = env[variable.name]
    if (!path) continue
    if (!existsSync(path)) {
      throw new ToolError(
        `${variable.name}: ${path} does not exist. Name the ${pin.name} program or unset it.`,
      )
    }
    const version = await versionOf(pin, path)
    if (fits(version, pin)) return { name: pin.name, path, version, source: 'environment' }
    if (variable.shared) continue // HELM_BIN may be meant for the other major
    const found = version ?? 'no version'
    throw new ToolError(
      `${variable.name}: ${path} is ${found}, but ${pin.name} must be ${describeRange(pin)}. Name another or unset it.`,
    )
  }
  return undefined
}

async function fromPath(pin: ToolPin, env: Environment): Promise<Tool | undefined> {
  const dirs = (env.PATH ?? '').split(delimiter).filter((dir) => dir !== '')
  for (const path of dirs.flatMap((dir) => pin.programs.map((program) => join(dir, program)))) {
    const version = existsSync(path) ? await versionOf(pin, path) : undefined
    if (fits(version, pin)) return { name: pin.name, path, version, source: 'PATH' }
  }
  return undefined
}

/** Asks the program for its version; undefined when it does not run or does not say. */
async function versionOf(pin: ToolPin, path: string): Promise<string | undefined> {
  try {
    const { stdout } = await runCommand(path, pin.versionArgs, { env: { PATH: process.env.PATH } })
    if (pin.developmentVersion !== undefined && stdout.trim() === pin.developmentVersion) {
      return pin.version
    }
    return /v?(\d+\.\d+\.\d+(?:-[\w.]+)?)/.exec(stdout)?.[1]
  } catch {
    return undefined
  }
}

function fits(version: string | undefined, pin: ToolPin): version is string {
  return version !== undefined && satisfies(version, pin.accepts, { includePrerelease: true })
}
