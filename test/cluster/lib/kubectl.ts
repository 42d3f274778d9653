import { type CommandResult, resolveTool, runCommand, shellCommand } from 'chart-harness'

/** Where a command of kubectl applies, and what it reads. */
export interface KubectlOptions {
  readonly namespace?: string
  readonly input?: string
}

/** Runs kubectl; a failure is for the caller to judge. */
export async function tryKubectl(
  args: readonly string[],
  { namespace, input }: KubectlOptions = {},
): Promise<CommandResult> {
  const { path } = await resolveTool('kubectl')
  const scope = namespace === undefined ? [] : ['--namespace', namespace]
  return runCommand(path, [...scope, ...args], input === undefined ? {} : { input })
}

/** Runs kubectl and returns what it printed; throws with its message when it fails. */
export async function kubectl(
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await tryKubectl(args, options)
  if (code === 0) return stdout
  throw new Error(`${shellCommand('kubectl', args)} ended with ${code}:\n${stderr || stdout}`)
}

/** The objects of a kind, for example `list<Pod>('pods', …)`; `selector` is a label selector. */
export async function list<T>(
  kind: string,
  { namespace, selector }: { namespace?: string; selector?: string } = {},
): Promise<readonly T[]> {
  const filter = selector === undefined ? [] : ['--selector', selector]
  const text = await kubectl(
    ['get', kind, ...filter, '--output', 'json'],
    namespace === undefined ? {} : { namespace },
  )
  const { items } = JSON.parse(text) as { items: T[] }
  return items
}

/** One object, or undefined if there is none of that name. */
export async function find<T>(
  kind: string,
  name: string,
  namespace?: string,
): Promise<T | undefined> {
  const scope = namespace === undefined ? {} : { namespace }
  const text = await kubectl(['get', kind, name, '--ignore-not-found', '--output', 'json'], scope)
  return text.trim() === '' ? undefined : (JSON.parse(text) as T)
}

/** Applies manifests: objects, or YAML text. */
export async function apply(manifests: readonly object[], namespace?: string): Promise<void> {
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests })
  await kubectl(
    ['apply', '--filename', '-'],
    namespace === undefined ? { input } : { namespace, input },
  )
}

/** Runs a command inside a container; returns what it printed. */
export function exec(
  namespace: string,
  pod: string,
  command: readonly string[],
  { container, input }: { container?: string; input?: string } = {},
): Promise<string> {
  const where = container === undefined ? [] : ['--container', container]
  const stdin = input === undefined ? [] : ['--stdin']
  return kubectl(['exec', pod, ...where, ...stdin, '--', ...command], {
    namespace,
    ...(input === undefined ? {} : { input }),
  })
}

/** The values of a Secret as text; throws if there is no such Secret. */
export async function secretValues(
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const secret = await find<{ data?: Record<string, string> }>('secret', name, namespace)
  if (secret === undefined) throw new Error(`There is no Secret ${namespace}/${name}.`)
  return Object.fromEntries(
    Object.entries(secret.data ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString(),
    ]),
  )
}
