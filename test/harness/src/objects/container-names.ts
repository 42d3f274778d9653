import { nameOf } from './manifests.ts'
import { containersOf } from './pods.ts'
import type { ContainerView, PodView, Problem } from './types.ts'

/** A DNS label. */
export const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const envName = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/
const portName = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/

/** Names of the pod's containers, their ports and their variables are legal and occur once. */
export function checkContainerNames(pod: PodView): Problem[] {
  const views = containersOf(pod)
  return [
    ...uniqueNames(pod),
    ...views.flatMap((view) => [...portNames(view), ...envNames(view), ...envOrder(view)]),
  ]
}

function uniqueNames(pod: PodView): Problem[] {
  const names = containersOf(pod).map(({ container }) => container.name)
  const at = { rule: 'name-legal', object: nameOf(pod.owner), path: pod.path }
  return names.flatMap((name, index) => [
    ...(name.length <= 63 && label.test(name)
      ? []
      : [{ ...at, message: `"${name}" is not a legal container name.` }]),
    ...(names.indexOf(name) === index
      ? []
      : [{ ...at, message: `two containers are called ${name}. Rename one.` }]),
  ])
}

function portNames({ owner, container, path }: ContainerView): Problem[] {
  const names = (container.ports ?? []).map(({ name }) => name)
  return names.flatMap((name, index) => {
    if (name === undefined) return []
    const at = {
      rule: 'port-name-legal',
      object: nameOf(owner),
      path: `${path}.ports[${index}].name`,
    }
    return [
      ...(name.length <= 15 && portName.test(name)
        ? []
        : [
            {
              ...at,
              message: `"${name}" is not a legal port name (15 lower-case letters, digits, -).`,
            },
          ]),
      ...(names.indexOf(name) === index
        ? []
        : [{ ...at, message: `two ports of ${container.name} are called ${name}.` }]),
    ]
  })
}

function envNames({ owner, container, path }: ContainerView): Problem[] {
  const names = (container.env ?? []).map(({ name }) => name)
  return names.flatMap((name, index) => {
    const at = { object: nameOf(owner), path: `${path}.env[${index}].name` }
    return [
      ...(envName.test(name)
        ? []
        : [{ rule: 'env-legal', ...at, message: `"${name}" is not a legal variable name.` }]),
      ...(names.indexOf(name) === index
        ? []
        : [
            {
              rule: 'env-unique',
              ...at,
              message: `${name} is set twice in container ${container.name}.`,
            },
          ]),
    ]
  })
}

// `$(NAME)` in a variable's value is replaced only when NAME stands before it.
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
