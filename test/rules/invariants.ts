// Facts of ours written as JSON Schemas: schema/invariants/*.json. Beside the schema each file says
//   title      the rule's name
//   x-subject  a schema that chooses the objects which the fact is about, or "render" for the list of all
//   x-release  the one example that it is about; without, every render
//   x-scope    "examples" if a user's values may break it on purpose
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv'
import { type Manifest, nameOf, type Problem, pathOf, type Render, type Rule } from 'chart-harness'

/** The invariants of the folder as rules; for `any` values, without those about the examples only. */
export function loadInvariants(dir: string, scope: 'any' | 'examples'): readonly Rule[] {
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true })
  const files = readdirSync(dir).filter((file) => file.endsWith('.json'))
  return files.sort().flatMap((file) => {
    const schema = readSchema(join(dir, file))
    const isMeant = scope === 'examples' || !(schema['x-scope'] || schema['x-release'])
    return isMeant ? [toRule(ajv, schema, file)] : []
  })
}

function readSchema(file: string): AnySchemaObject {
  return JSON.parse(readFileSync(file, 'utf8')) as AnySchemaObject
}

function toRule(ajv: Ajv, schema: AnySchemaObject, file: string): Rule {
  const { title, 'x-subject': subject, 'x-release': release } = schema
  if (typeof title !== 'string' || subject === undefined) {
    throw new Error(`schema/invariants/${file} lacks title or x-subject. Add both.`)
  }
  const isMeant = (render: Render): boolean => release === undefined || release === render.release
  const validate = ajv.compile(schema)
  const chooses = subject === 'render' ? undefined : ajv.compile(subject as AnySchemaObject)
  return {
    name: title,
    run: (render) => {
      if (!isMeant(render)) return { problems: [], visited: 0 }
      const subjects = chooses
        ? render.objects.filter((object) => chooses(object))
        : [render.objects]
      const problems = subjects.flatMap((value) => problemsOf(title, value, validate))
      return { problems, visited: subjects.length }
    },
  }
}

function problemsOf(
  rule: string,
  value: Manifest | readonly Manifest[],
  validate: ValidateFunction,
): Problem[] {
  if (validate(value)) return []
  const object = 'kind' in value ? nameOf(value) : 'all objects'
  const { errors } = validate
  return (errors ?? [])
    .filter(({ keyword, schemaPath }) => keyword !== 'if' && !schemaPath.includes('/contains/'))
    .map((error) => {
      const about = error.parentSchema?.description
      const message = typeof about === 'string' ? about : (error.message ?? error.keyword)
      const path = pathOf(error)
      return { rule, object, ...(path === '' ? {} : { path }), message: `${message}.` }
    })
}
