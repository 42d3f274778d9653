// The picture of what runs where, as a Mermaid flowchart, from a render.
import { isRecord, type Render, selects } from 'chart-harness'

interface Edge {
  readonly from: string
  readonly to: string
  readonly label?: string
}

const SHAPES: Readonly<Record<string, readonly [string, string]>> = {
  Service: ['([', '])'],
  PersistentVolumeClaim: ['[(', ')]'],
  Job: ['{{', '}}'],
}

/**
 * A Mermaid flowchart of a render: Services, what they lead to, which Services each workload calls (its `*_HOST`
 * variables), and the claims that it mounts. Names are shortened by `prefix`.
 */
export function drawDiagram(render: Render, prefix: string): string {
  const edges = [...outsideEdges(render), ...serviceEdges(render), ...podEdges(render)]
  const lines = new Set<string>()
  for (const { from, to, label } of edges) {
    const arrow = label === undefined ? '-->' : `-- "${label}" -->`
    lines.add(`  ${node(from, prefix)} ${arrow} ${node(to, prefix)}`)
  }
  return ['flowchart LR', ...lines].join('\n')
}

/** A node: its identity, and its name in the shape of its kind. */
function node(object: string, prefix: string): string {
  const [kind = '', name = ''] = object.split('/')
  const short = shorten(name, prefix)
  const [open, close] = SHAPES[kind] ?? ['[', ']']
  return `${kind}_${short.replaceAll(/\W/g, '_')}${open}"${kind === 'outside' ? '' : `${kind} `}${short}"${close}`
}

/** Without the release's name, and without the hash at the end of a Job's. */
function shorten(name: string, prefix: string): string {
  return (name.startsWith(prefix) ? name.slice(prefix.length) : name).replace(/-[0-9a-f]{8}$/, '')
}

function outsideEdges(render: Render): Edge[] {
  return render.all('Ingress').flatMap((ingress) =>
    (ingress.spec?.rules ?? []).flatMap((rule) =>
      (rule.http?.paths ?? []).map(({ path, backend }) => ({
        from: `outside/${rule.host}`,
        to: `Service/${backend.service?.name}`,
        label: path ?? '/',
      })),
    ),
  )
}

function serviceEdges(render: Render): Edge[] {
  const services = render.all('Service').filter((service) => service.spec?.clusterIP !== 'None')
  return services.flatMap((service) => {
    const selector = { matchLabels: service.spec?.selector ?? {} }
    const pods = render.pods().filter(({ metadata }) => selects(selector, metadata.labels ?? {}))
    return pods.map(({ owner }) => ({
      from: `Service/${service.metadata?.name}`,
      to: `${owner.kind}/${owner.metadata.name}`,
    }))
  })
}

function podEdges(render: Render): Edge[] {
  const services = new Set(render.all('Service').map((service) => service.metadata?.name))
  return render
    .pods()
    .filter(({ owner, hook }) => hook === undefined && owner.kind !== 'Pod')
    .flatMap(({ owner, spec }) => {
      const from = `${owner.kind}/${owner.metadata.name}`
      const hosts = spec.containers.flatMap(({ env }) => env ?? []).map(({ value }) => value)
      const claims = (spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim ?? [])
      return [
        ...hosts
          .filter((host) => host !== undefined && services.has(host))
          .map((host) => ({ from, to: `Service/${host}` })),
        ...claims.filter(isRecord).map(({ claimName }) => ({
          from,
          to: `PersistentVolumeClaim/${claimName}`,
        })),
      ]
    })
}
