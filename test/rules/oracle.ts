// What must hold for all values that our chart accepts.
import { isRecord, type Oracle, type Problem } from 'chart-harness'
import { externalsOfUser } from './external.ts'
import { checkSchema, minors, oldestAndNewest } from './project.ts'
import { userRules } from './rules.ts'

/** A problem that users cause on purpose: its message, and whether these values ask for it. */
interface Wish {
  readonly rule: string
  readonly says: RegExp
  readonly isIn: (values: unknown, said: string, path: string) => boolean
}

const wishes: readonly Wish[] = [
  // Whoever gives a Secret to Rails and also to streaming, by `streaming.envFrom` or for all pods, wants both to read it.
  {
    rule: 'streaming-without-rails-secrets',
    says: /^reads (.+), which is for Rails/,
    isIn: (values, names) => names.split(', ').every((name) => streamingReads(values, name)),
  },
  // A value left empty renders no key, but a variable that the user wrote down as empty does: it blanks one of ours.
  {
    rule: 'config-map-values',
    says: /^(.+) is empty; /,
    isIn: (values, names) => names.split(', ').every((name) => isBlank(at(values, 'env', name))),
  },
  // A volume of the user is mounted by one of their containers, or by none yet.
  {
    rule: 'volume-is-mounted',
    says: /^no container mounts the volume (\S+)\. /,
    isIn: (values, name) =>
      found(values, ['volumes'])
        .flat()
        .some((volume) => at(volume, 'name') === name),
  },
  // A probe or hook of the user may use a port that no container declares: the kubelet does not mind.
  {
    rule: 'port-exists',
    says: /^container \S+ has no port (\S+)\. /,
    isIn: (values, port) =>
      found(values, ['httpGet', 'tcpSocket']).some((action) => String(at(action, 'port')) === port),
  },
  // "restricted" forbids a host in probes; users who name one run the pods where it is allowed.
  {
    rule: 'pod-security',
    says: /^(must not be set) /,
    isIn: (values, _, path) =>
      path.endsWith('.host') &&
      found(values, ['httpGet', 'tcpSocket']).some((action) => Boolean(at(action, 'host'))),
  },
  // Null takes away a default that "restricted" needs, of the field or of what it is in.
  {
    rule: 'pod-security',
    says: /^(must be|must contain) /,
    isIn: (values, _, path) => contextsOf(path).some((key) => found(values, [key]).includes(null)),
  },
  // The user's affinity and network policies may select pods of other releases.
  {
    rule: 'selector-selects',
    says: /^selects no pod in its namespace: (\S+=\S+)\. /,
    isIn: (values, label) => found(values, ['matchLabels']).some((labels) => has(labels, label)),
  },
  // Newer than the oldest Kubernetes, where the API server drops them with a warning.
  {
    rule: 'kubernetes-schema',
    says: new RegExp(`^Kubernetes (${minors[0]})\\b`),
    isIn: (values, _, path) =>
      ['stopSignal', 'supplementalGroupsPolicy', 'recursiveReadOnly'].some(
        (key) => path.split('.').includes(key) && found(values, [key]).length > 0,
      ),
  },
]

function isWished({ rule, path = '', message }: Problem, values: object): boolean {
  return wishes.some((wish) => {
    const said = wish.rule === rule ? wish.says.exec(message)?.[1] : undefined
    return said !== undefined && wish.isIn(values, said, path)
  })
}

function streamingReads(values: unknown, secret: string): boolean {
  const sources = ['streaming', 'pod'].flatMap((key) => at(values, key, 'envFrom') ?? [])
  return sources.some((source) => at(source, 'secretRef', 'name') === secret)
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === ''
}

/** The field, and the maps around it up to the security context. */
function contextsOf(path: string): string[] {
  const steps = path.split('.')
  const from = steps.indexOf('securityContext')
  return from < 0 ? [] : ['podSecurityContext', ...steps.slice(from)]
}

function has(labels: unknown, label: string): boolean {
  return (
    isRecord(labels) && Object.entries(labels).some(([key, text]) => `${key}=${text}` === label)
  )
}

function at(values: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), values)
}

/** The values of keys of these names, at any depth. */
function found(values: unknown, names: readonly string[]): unknown[] {
  if (Array.isArray(values)) return values.flatMap((item) => found(item, names))
  if (!isRecord(values)) return []
  return Object.entries(values).flatMap(([key, value]) => [
    ...(names.includes(key) ? [value] : []),
    ...found(value, names),
  ])
}

/** The oldest and the newest Kubernetes; references, names, Pod Security and our rules. */
export const oracle: Oracle = {
  schemas: { check: checkSchema, minors: oldestAndNewest },
  externals: externalsOfUser,
  restricted: true,
  rules: userRules,
  allows: isWished,
}
