import { type CommandResult, resolveTool, runCommand, shellCommand } from 'chart-harness'

/** Where a kubectl command applies, and what it reads. */
interface KubectlOptions {
  readonly namespace?: string | undefined
  readonly input?: string | undefined
}

/** In milliseconds, less than a test has: so the message names a command that hangs. */
export const commandTimeout = 270_000

/** Runs kubectl; the caller judges a failure. */
export async function tryKubectl(
  args: readonly string[],
  { namespace, input = '' }: KubectlOptions = {},
): Promise<CommandResult> {
  const { path } = await resolveTool('kubectl')
  const scope = namespace === undefined ? [] : ['--namespace', namespace]
  return runCommand(path, [...scope, ...args], { input, timeout: commandTimeout })
}

/** Runs kubectl and returns what it printed; throws with its message when it fails. */
export async function kubectl(
  args: readonly string[],
  options: KubectlOptions = {},
): Promise<string> {
  return printed('kubectl', args, await tryKubectl(args, options))
}

/** What a program printed; throws with its message when it failed. */
export function printed(
  program: string,
  args: readonly string[],
  { code, stdout, stderr }: CommandResult,
): string {
  if (code === 0) return stdout
  throw new Error(`${shellCommand(program, args)} ended with ${code}:\n${stderr || stdout}`)
}

/** The objects of a kind, for example `list<Pod>('pods', …)`; `selector` is a label selector. */
export async function list<T>(
  kind: string,
  { namespace, selector }: { namespace?: string; selector?: string } = {},
): Promise<readonly T[]> {
  const filter = selector === undefined ? [] : ['--selector', selector]
  const text = await kubectl(['get', kind, ...filter, '--output', 'json'], { namespace })
  return (JSON.parse(text) as { items: T[] }).items
}

/** One object, or undefined if there is none of that name. */
export async function find<T>(
  kind: string,
  name: string,
  namespace?: string,
): Promise<T | undefined> {
  const args = ['get', kind, name, '--ignore-not-found', '--output', 'json']
  const text = await kubectl(args, { namespace })
  return text.trim() === '' ? undefined : (JSON.parse(text) as T)
}

/** Applies manifests, if there are any. */
export async function apply(manifests: readonly object[], namespace?: string): Promise<void> {
  if (manifests.length === 0) return
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests })
  await kubectl(['apply', '--filename', '-'], { namespace, input })
}

/** Runs a command inside a container and returns what it printed. */
export function exec(
  namespace: string,
  pod: string,
  command: readonly string[],
  { container, input }: { container?: string; input?: string | undefined } = {},
): Promise<string> {
  const where = container === undefined ? [] : ['--container', container]
  const stdin = input === undefined ? [] : ['--stdin']
  return kubectl(['exec', pod, ...where, ...stdin, '--', ...command], { namespace, input })
}

/** The manifest of a Secret with these values. */
export function secret(name: string, stringData: Readonly<Record<string, string>>): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData }
}

/** The values of a Secret as text; throws if there is no such Secret. */
export async function secretValues(
  namespace: string,
  name: string,
): Promise<Readonly<Record<string, string>>> {
  const found = await find<{ data?: Record<string, string> }>('secret', name, namespace)
  if (found === undefined) throw new Error(`There is no Secret ${namespace}/${name}.`)
  const decode = (value: string) => Buffer.from(value, 'base64').toString()
  return Object.fromEntries(
    Object.entries(found.data ?? {}).map(([key, value]) => [key, decode(value)]),
  )
}
