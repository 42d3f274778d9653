import { nameOf } from '../objects/manifests.ts'
import type { Manifest, Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

const goText = /<no value>|<nil>|%![a-zA-Z]?\(|^map\[|\.Values\./

/** No text in an object is what a template leaves by mistake, and no field is written without a value. */
export function checkLeftovers(render: Render): Problem[] {
  return render.objects.flatMap((object) => search(object, object, ''))
}

function search(object: Manifest, value: unknown, path: string): Problem[] {
  if (typeof value === 'string') return leftover(object, value, path)
  if (value === null) {
    return [
      { rule: 'field-empty', object: nameOf(object), path, message: 'has no value. Leave it out.' },
    ]
  }
  if (typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, child]) => {
    const step = Array.isArray(value) ? `[${key}]` : path === '' ? key : `.${key}`
    return [...leftover(object, key, path + step), ...search(object, child, path + step)]
  })
}

function leftover(object: Manifest, text: string, path: string): Problem[] {
  const found = goText.exec(text)
  if (!found) return []
  const message = `holds "${found[0]}", which a template left there. Quote or guard the value.`
  return [{ rule: 'template-leftover', object: nameOf(object), path, message }]
}
