import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { nameOf } from '../objects/manifests.ts'
import { kept, once } from '../objects/once.ts'
import { appendStep, formatPath, parsePointer } from '../objects/paths.ts'
import type { Manifest, Problem } from '../objects/types.ts'
import { ToolError } from '../tools/tool-pins.ts'

const rule = 'kubernetes-schema'

/** Options of ajv, for validators that run a few hundred times: faster code costs more than it saves. */
export const ajvOptions = {
  strict: false,
  logger: false,
  code: { optimize: false },
  inlineRefs: false,
} as const

/** Checks one object against the schemas of a Kubernetes minor, e.g. `1.36`. */
export type SchemaChecker = (manifest: Manifest, minor: string) => readonly Problem[]

/** The schemas of several minors, and of kinds that are not Kubernetes' own. */
export interface Schemas {
  /** A kind without a schema is a problem, never skipped. */
  readonly check: SchemaChecker
  /** Whether there may be such a kind, but no schema says what it looks like. */
  readonly isUncheckable: (manifest: Manifest, minor: string) => boolean
}

/** The file of a folder that the others refer to. */
export const definitionsFile = '_definitions.json'

/** The file of a minor's folder that lists Kubernetes' own kinds, by their `apiVersion`. */
export const kindsFile = '_kinds.json'

/**
 * A checker over a folder with one folder `v1.NN` per minor, each with `_definitions.json`, `_kinds.json`
 * and one file `<kind>-<group>-<version>.json` per kind.
 * @param crdDirs files of the same form for kinds that are not Kubernetes' own; the first that has a kind counts
 */
export function createSchemaChecker(dir: string, ...crdDirs: readonly string[]): SchemaChecker {
  return openSchemas(dir, crdDirs).check
}

/** Opens the folders of `createSchemaChecker`. */
export function openSchemas(dir: string, crdDirs: readonly string[]): Schemas {
  const crds = crdDirs.map(openFolder)
  const minors = new Map<string, Minor>()
  const read = (minor: string): Minor =>
    kept(minors, minor, () => openMinor(join(dir, `v${minor}`), crds))
  return {
    check: (manifest, minor) => {
      const known = read(minor)
      return kept(known.results, manifest, () => check(known, manifest, minor))
    },
    isUncheckable: (manifest, minor) => {
      const known = read(minor)
      return !findFile(known, manifest) && mayExist(known, manifest)
    },
  }
}

/** A folder of schemas; what was compiled serves every minor. */
interface Folder {
  readonly dir: string
  readonly ajv: () => Ajv
  readonly validators: Map<string, ValidateFunction>
}

interface Minor {
  readonly folders: { readonly own: Folder; readonly others: readonly Folder[] }
  readonly kinds: ReadonlyMap<string, readonly string[]>
  readonly results: WeakMap<object, readonly Problem[]>
}

function openMinor(dir: string, others: readonly Folder[]): Minor {
  const kinds = join(dir, kindsFile)
  const missing = [join(dir, definitionsFile), kinds].find((file) => !existsSync(file))
  if (missing) throw new Error(`${missing} does not exist. Vendor the schemas of this minor.`)
  const known = new Map(Object.entries(readJson(kinds)))
  return { folders: { own: openFolder(dir), others }, kinds: known, results: new WeakMap() }
}

function openFolder(dir: string): Folder {
  const ajv = once(() => {
    const made = new Ajv({ ...ajvOptions, allErrors: true, validateFormats: false, verbose: true })
    const shared = join(dir, definitionsFile)
    return existsSync(shared) ? made.addSchema(readJson(shared), definitionsFile) : made
  })
  return { dir, ajv, validators: new Map() }
}

function readJson(file: string): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object
}

type Kind = Pick<Manifest, 'apiVersion' | 'kind'>

/** Whether the group belongs to Kubernetes, so that all of its kinds are known; those of others have dots. */
function isBuiltIn({ kinds }: Pick<Minor, 'kinds'>, { apiVersion }: Kind): boolean {
  const [group = ''] = apiVersion.split('/')
  return !group.includes('.') || [...kinds.keys()].some((api) => api.startsWith(`${group}/`))
}

function mayExist(minor: Minor, { apiVersion, kind }: Kind): boolean {
  const known = minor.kinds.get(apiVersion)?.includes(kind)
  return known ?? !isBuiltIn(minor, { apiVersion, kind })
}

/** The file with the schema of this kind and its folder, if there is one. */
function findFile({ folders, ...minor }: Minor, manifest: Kind) {
  // The names have only the first part of a group: one of others may look like one of Kubernetes.
  const own = isBuiltIn(minor, manifest) ? [folders.own] : []
  const places = [...own, ...folders.others].map((folder) => {
    return { folder, file: join(folder.dir, schemaFileOf(manifest)) }
  })
  return places.find(({ file }) => existsSync(file))
}

function check(minor: Minor, manifest: Manifest, version: string): readonly Problem[] {
  const found = findFile(minor, manifest)
  if (found) {
    const { folder, file } = found
    const validate = kept(folder.validators, file, () => compile(folder.ajv(), file))
    return validateWith(validate, manifest, version)
  }
  const { apiVersion, kind } = manifest
  const reason = mayExist(minor, manifest)
    ? `there is no schema of ${apiVersion} ${kind} here. Add it.`
    : `there is no kind ${kind} in ${apiVersion}. Correct apiVersion or kind.`
  return [{ rule, object: nameOf(manifest), message: `Kubernetes ${version}: ${reason}` }]
}

function compile(ajv: Ajv, file: string): ValidateFunction {
  try {
    return ajv.compile(readJson(file))
  } catch (error) {
    const [reason] = error instanceof Error ? error.message.split('\n') : []
    throw new ToolError(`${file} is not a JSON Schema (${reason}). Correct it.`)
  }
}

/** The schema's file name, as kubeconform's `{{.ResourceKind}}{{.KindSuffix}}.json` makes it. */
export function schemaFileOf({ apiVersion, kind }: Kind): string {
  const [group = '', version] = apiVersion.split('/')
  const suffix = version === undefined ? group : `${group.split('.')[0]}-${version}`
  return `${kind}-${suffix}.json`.toLowerCase()
}

function validateWith(validate: ValidateFunction, manifest: Manifest, version: string): Problem[] {
  if (validate(manifest)) return []
  return (validate.errors ?? []).map((error) => ({
    rule,
    object: nameOf(manifest),
    path: pathOf(error),
    message: `Kubernetes ${version}: ${messageOf(error)}`,
  }))
}

/** An ajv error's place as a dotted path, the wrong key included. */
export function pathOf(error: ErrorObject): string {
  const path = formatPath(parsePointer(error.instancePath))
  const extra: unknown = error.params.additionalProperty ?? error.params.missingProperty
  return typeof extra === 'string' ? appendStep(path, extra) : path
}

function messageOf(error: ErrorObject): string {
  if (error.keyword === 'additionalProperties') return 'unknown field'
  if (error.keyword === 'required') return 'required field is missing'
  if (error.keyword === 'enum') return `must be one of ${String(error.params.allowedValues)}`
  return `${error.message ?? error.keyword}, found ${JSON.stringify(error.data)?.slice(0, 80)}`
}
