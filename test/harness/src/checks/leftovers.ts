import { nameOf } from '../objects/manifests.ts'
import { formatPath, valuesIn } from '../objects/paths.ts'
import type { Problem } from '../objects/types.ts'
import type { Render } from '../render/render.ts'

const goText = /<no value>|<nil>|%![a-zA-Z]?\(|^map\[|\.Values\./

/** No text in an object is what a template leaves by mistake, and no field is written without a value. */
export function checkLeftovers(render: Render): Problem[] {
  return render.objects.flatMap((object) =>
    valuesIn(object).flatMap(({ path, value }) => {
      const at = { object: nameOf(object), path: formatPath(path) }
      return [
        ...leftover(String(path.at(-1) ?? ''), at),
        ...(typeof value === 'string' ? leftover(value, at) : []),
        ...(value === null
          ? [{ rule: 'field-empty', ...at, message: 'has no value. Leave it out.' }]
          : []),
      ]
    }),
  )
}

function leftover(text: string, at: Pick<Problem, 'object' | 'path'>): Problem[] {
  const found = goText.exec(text)
  if (!found) return []
  const message = `holds "${found[0]}", which a template left there. Quote or guard the value.`
  return [{ rule: 'template-leftover', ...at, message }]
}
