import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { nameOf } from '../objects/manifests.ts'
import { kept } from '../objects/once.ts'
import { appendStep, formatPath, parsePointer } from '../objects/paths.ts'
import type { Manifest, Problem } from '../objects/types.ts'

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

/**
 * A checker over a folder with one folder `v1.NN` per minor, each with `_definitions.json` and one
 * file `<kind>-<group>-<version>.json` per kind. A kind without a schema is a problem, never skipped.
 * @param crdDir files of the same form for kinds that are not Kubernetes' own
 */
export function createSchemaChecker(dir: string, crdDir?: string): SchemaChecker {
  const minors = new Map<string, Minor>()
  return (manifest, minor) => {
    const known = kept(minors, minor, () => openMinor(join(dir, `v${minor}`), crdDir))
    return kept(known.results, manifest, () => check(known, manifest, minor))
  }
}

interface Minor {
  readonly dirs: readonly string[]
  readonly ajv: Ajv
  readonly validators: Map<string, ValidateFunction | null>
  readonly results: WeakMap<object, readonly Problem[]>
}

function openMinor(dir: string, crdDir: string | undefined): Minor {
  const definitions = join(dir, '_definitions.json')
  if (!existsSync(definitions)) {
    throw new Error(`${definitions} does not exist. Vendor the schemas of this minor.`)
  }
  const ajv = new Ajv({ ...ajvOptions, allErrors: true, validateFormats: false, verbose: true })
  ajv.addSchema(readJson(definitions), '_definitions.json')
  const dirs = crdDir === undefined ? [dir] : [dir, crdDir]
  return { dirs, ajv, validators: new Map(), results: new WeakMap() }
}

function readJson(file: string): object {
  return JSON.parse(readFileSync(file, 'utf8')) as object
}

function check(minor: Minor, manifest: Manifest, version: string): readonly Problem[] {
  const validate = validatorOf(minor, schemaFileOf(manifest))
  if (validate) return validateWith(validate, manifest, version)
  const { apiVersion, kind } = manifest
  const message = `Kubernetes ${version} has no schema of ${apiVersion} ${kind} here. Vendor it or fix apiVersion.`
  return [{ rule, object: nameOf(manifest), message }]
}

/** The schema's file name, as kubeconform's `{{.ResourceKind}}{{.KindSuffix}}.json` makes it. */
export function schemaFileOf({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): string {
  const [group = '', version] = apiVersion.split('/')
  const suffix = version === undefined ? group : `${group.split('.')[0]}-${version}`
  return `${kind}-${suffix}.json`.toLowerCase()
}

function validatorOf({ dirs, ajv, validators }: Minor, file: string): ValidateFunction | null {
  return kept(validators, file, () => {
    const path = dirs.map((dir) => join(dir, file)).find((candidate) => existsSync(candidate))
    return path === undefined ? null : ajv.compile(readJson(path))
  })
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
