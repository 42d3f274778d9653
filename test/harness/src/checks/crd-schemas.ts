// Vendors JSON Schemas of kinds that are not Kubernetes' own: from the CustomResourceDefinitions in the Go modules of
// their operators to the files of one folder, which createSchemaChecker and kubeconform read.
import { isRecord } from '../objects/manifests.ts'
import { parseYaml, splitDocuments } from '../objects/yaml.ts'
import { type GoModule, readModule } from '../tools/go-module.ts'
import type { Environment } from '../tools/run-command.ts'
import { ToolError } from '../tools/tool-pins.ts'
import { convertCrd, shareRepeated } from './convert-crd.ts'
import { definitionsFile, schemaFileOf } from './kubernetes-schemas.ts'
import { type ServedKind, sortedKeys } from './vendor-schemas.ts'

/** An operator's module, and the kinds that are taken from it. */
export interface CrdModule extends GoModule {
  /** The paths of the module's CustomResourceDefinitions, with the kinds that each defines. */
  readonly crds: Readonly<Record<string, readonly CrdKind[]>>
}

/** A kind, and the places whose content is not checked, such as `spec.provider.*`. */
export interface CrdKind extends ServedKind {
  readonly unchecked?: readonly string[]
}

/** A module's files, as read from it. */
export interface CrdTexts extends CrdModule {
  /** The checksum by which Go knows the module. */
  readonly sum: string
  readonly texts: ReadonlyMap<string, string>
}

/** The module with the texts of its CustomResourceDefinitions. */
export async function downloadCrds(module: CrdModule, env: Environment): Promise<CrdTexts> {
  return { ...module, ...(await readModule(module, Object.keys(module.crds), env)) }
}

/** All files of the folder, by name: those of the kinds refer to one with what they share. */
export function crdFiles(modules: readonly CrdTexts[]): Map<string, string> {
  const files = new Map<string, string>()
  const roots: Record<string, ReturnType<typeof convertCrd>> = {}
  for (const { crds, texts } of modules) {
    for (const [path, kinds] of Object.entries(crds)) {
      for (const one of kinds) {
        const name = `${one.apiVersion.replace('/', '.')}.${one.kind}`
        const schema = schemaIn(texts.get(path) ?? '', one, path)
        roots[name] = convertCrd(schema, one.kind, one.unchecked ?? [])
        const reference = { $ref: `${definitionsFile}#/definitions/${name}` }
        files.set(schemaFileOf(one), `${JSON.stringify(reference)}\n`)
      }
    }
  }
  const definitions = shareRepeated(roots)
  const lines = Object.keys(definitions)
    .sort()
    .map((name) => `"${name}": ${JSON.stringify(definitions[name], sortedKeys)}`)
  const sources = modules.map(({ module, version, sum }) => `${module} ${version} ${sum}`)
  const text = `{"$comment": "${sources.join(', ')}",\n"definitions": {\n${lines.join(',\n')}\n}}\n`
  return files.set(definitionsFile, text)
}

function schemaIn(text: string, { apiVersion, kind }: ServedKind, path: string): object {
  for (const document of splitDocuments(text)) {
    const crd = parseYaml(document.text, path)
    const spec = isRecord(crd) && isRecord(crd.spec) ? crd.spec : {}
    const names = isRecord(spec.names) ? spec.names : {}
    const versions = Array.isArray(spec.versions) ? spec.versions.filter(isRecord) : []
    const found = versions.find(({ name }) => `${spec.group}/${name}` === apiVersion)
    const schema = names.kind === kind && isRecord(found?.schema) ? found.schema : {}
    if (found?.served === true && isRecord(schema.openAPIV3Schema)) return schema.openAPIV3Schema
  }
  throw new ToolError(`${path} serves no ${kind} in ${apiVersion}. Correct the list of kinds.`)
}
