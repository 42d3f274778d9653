// The picture in README.md, between its two markers, drawn from a rendered example.
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { isRecord, type Render, selects } from 'chart-harness'
import { chart, exampleFile, root } from '../../test/rules/project.ts'
import { fail } from './cli.ts'
import type { GeneratedFile } from './generated-files.ts'

const EXAMPLE = exampleFile('ingress')
const [START, END] = ['<!-- diagram:start -->', '<!-- diagram:end -->']

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

/** README.md with the picture that the chart of this repository gives now. */
export async function drawReadme(): Promise<GeneratedFile> {
  const render = await chart.render({ release: 'mastodon', files: [EXAMPLE] })
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [before, after] = [readme.split(START)[0], readme.split(END)[1]]
  if (before === undefined || after === undefined) {
    fail(`README.md: ${START} and ${END} are missing. Put them where the picture belongs.`)
  }
  const picture = `${START}\nDrawn from \`${relative(root, EXAMPLE)}\`:\n\n\`\`\`mermaid\n${drawDiagram(render, 'mastodon-')}\n\`\`\`\n${END}`
  return { path: 'README.md', text: `${before}${picture}${after}` }
}

/**
 * A Mermaid flowchart of a render: Services, what they lead to, which Services each workload calls (its `*_HOST`
 * variables), and the claims that it mounts. Names are shortened by `prefix`.
 */
function drawDiagram(render: Render, prefix: string): string {
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
