import { nameOf } from '../objects/manifests.ts'
import { containersOf } from '../objects/pods.ts'
import type { ContainerView, PodView, Problem } from '../objects/types.ts'

/** A DNS label. */
export const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const envName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/
const portName = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/

/** Names of the pod's containers, their ports and their variables are legal and occur once. */
export function checkContainerNames(pod: PodView): Problem[] {
  const views = containersOf(pod)
  const names = views.map(({ container }) => container.name)
  const at = { rule: 'name-legal', object: nameOf(pod.owner), path: pod.path }
  return [
    ...names
      .filter((name) => name.length > 63 || !label.test(name))
      .map((name) => ({ ...at, message: `"${name}" is not a legal container name.` })),
    ...repeated(names).map(([, name]) => ({
      ...at,
      message: `two containers are called ${name}. Rename one.`,
    })),
    ...views.flatMap((view) => [...portNames(view), ...envNames(view), ...envOrder(view)]),
  ]
}

/** Those of the names that an earlier one equals, with their indexes. */
function repeated(names: readonly (string | undefined)[]): (readonly [number, string])[] {
  return names.flatMap((name, index) =>
    name !== undefined && names.indexOf(name) < index ? [[index, name] as const] : [],
  )
}

function portNames({ owner, container, path }: ContainerView): Problem[] {
  const names = (container.ports ?? []).map(({ name }) => name)
  const at = (index: number): Omit<Problem, 'message'> => ({
    rule: 'port-name-legal',
    object: nameOf(owner),
    path: `${path}.ports[${index}].name`,
  })
  const illegal = names.flatMap((name, index) => {
    if (name === undefined || (name.length <= 15 && portName.test(name))) return []
    const message = `"${name}" is not a legal port name (15 lower-case letters, digits, -).`
    return [{ ...at(index), message }]
  })
  const twice = repeated(names).map(([index, name]) => ({
    ...at(index),
    message: `two ports of ${container.name} are called ${name}.`,
  }))
  return [...illegal, ...twice]
}

function envNames({ owner, container, path }: ContainerView): Problem[] {
  const names = (container.env ?? []).map(({ name }) => name)
  const at = (index: number): Pick<Problem, 'object' | 'path'> => ({
    object: nameOf(owner),
    path: `${path}.env[${index}].name`,
  })
  const illegal = names.flatMap((name, index) => {
    if (envName.test(name)) return []
    return [{ rule: 'env-legal', ...at(index), message: `"${name}" is not a legal variable name.` }]
  })
  const twice = repeated(names).map(([index, name]) => ({
    rule: 'env-unique',
    ...at(index),
    message: `${name} is set twice in container ${container.name}.`,
  }))
  return [...illegal, ...twice]
}

// `$(NAME)` in a variable's value is replaced only when NAME is defined before it.
function envOrder({ owner, container, path }: ContainerView): Problem[] {
  const env = container.env ?? []
  return env.flatMap(({ name, value }, index) => {
    // Not yet known to be a string.
    const used = [...String(value ?? '').matchAll(/\$?\$\(([^)]+)\)/g)].filter(
      ([text]) => !text.startsWith('$$'),
    )
    const late = used
      .map(([, other]) => other)
      .filter((other) => env.findIndex((entry) => entry.name === other) >= index)
    return late.map((other) => ({
      rule: 'env-order',
      object: nameOf(owner),
      path: `${path}.env[${index}].value`,
      message: `${name} uses ${other}, which is defined after it. Move ${other} up.`,
    }))
  })
}
