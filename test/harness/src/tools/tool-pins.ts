/** A program was not found and could not be provided; the message is one sentence with the remedy. */
export class ToolError extends Error {
  override readonly name = 'ToolError'
}

/** Where a program came from. */
export type ToolSource = 'environment' | 'PATH' | 'cache' | 'npm' | 'release' | 'go'

/** A program that is ready to run. */
export interface Tool {
  readonly name: string
  readonly path: string
  readonly version: string
  readonly source: ToolSource
}

/** A program inside a zip file of an installed npm package. */
export interface NpmOrigin {
  readonly package: string
  readonly archive: string
  readonly entry: string
  /** The `process.platform-process.arch` that it runs on. */
  readonly platform: string
  readonly sha256: string
}

/** A published archive (`.tar.gz`) or bare program; `{os}`, `{arch}` and `{version}` are filled in. */
export interface ReleaseOrigin {
  readonly url: string
  /** The file with the SHA-256. */
  readonly checksumUrl: string
  /** The program's path in the archive; none for a bare program. */
  readonly entry?: string
}

/** Everything the resolver must know of one program. */
export interface ToolPin {
  readonly name: string
  /** File names to look for on PATH. */
  readonly programs: readonly string[]
  /** Looked at in this order; a `shared` one is passed over when its version does not fit. */
  readonly envVars: readonly { readonly name: string; readonly shared?: boolean }[]
  readonly version: string
  /** SemVer range for a program that the user brings. */
  readonly accepts: string
  readonly versionArgs: readonly string[]
  /** What a build without a stamped version prints; such a program is taken for the pinned version. */
  readonly developmentVersion?: string
  /** The cache's folder name below `~/.cache`. */
  readonly cache: string
  readonly npm?: NpmOrigin
  readonly release?: ReleaseOrigin
  /** Package and version for `go install`. */
  readonly go?: { readonly package: string; readonly version: string }
}

/** The versions that fit, for people: without the `-0` that keeps pre-releases out. */
export function describeRange(pin: ToolPin): string {
  return pin.accepts.replaceAll(/-0\b/g, '')
}

function helmPin(major: 3 | 4, version: string, accepts: string): ToolPin {
  const name = `helm${major}`
  const envVars = [{ name: `HELM${major}_BIN` }, { name: 'HELM_BIN', shared: true }]
  const versionArgs = ['version', '--short']
  return { name, programs: [name, 'helm'], envVars, version, accepts, versionArgs, cache }
}

const cache = 'chart-harness'

/**
 * The pins of users who register none: what they have installed is used, nothing is downloaded. The ranges
 * are those whose flags and messages the harness knows.
 */
export const presetPins = {
  helm3: helmPin(3, '3.17.3', '>=3.17.0 <4.0.0-0'),
  helm4: helmPin(4, '4.2.3', '>=4.0.0 <5.0.0-0'),
  kubeconform: {
    name: 'kubeconform',
    programs: ['kubeconform'],
    envVars: [{ name: 'KUBECONFORM_BIN' }],
    version: '0.8.0',
    accepts: '>=0.6.7',
    versionArgs: ['-v'],
    developmentVersion: 'development',
    cache,
  },
} satisfies Record<string, ToolPin>

const pins = new Map<string, ToolPin>(Object.entries(presetPins))

/** Registers programs; a later pin of the same name replaces the earlier. */
export function registerTools(list: readonly ToolPin[]): void {
  for (const pin of list) pins.set(pin.name, pin)
}

/** The pin of this name. */
export function registeredPin(name: string): ToolPin {
  const pin = pins.get(name)
  if (pin) return pin
  const known = [...pins.keys()].join(', ') || 'none'
  throw new ToolError(`${name} is not a registered tool (${known}). Call registerTools() first.`)
}
