// The pins of every outside program: the one place to change a version. Importing this file registers
// them with the harness' resolver, so scripts and tests import it before they resolve a tool.
import { registerTools, type ToolPin } from 'chart-harness'

/** Name of the folder below `$XDG_CACHE_HOME` (or `~/.cache`) that holds programs and renders. */
export const cacheName = 'mastodon-chart'

const common = { cache: cacheName } as const

/** Helm's two majors, kubectl, kubeconform, and the linters of `npm run lint:outside`. */
export const toolPins: readonly ToolPin[] = [
  {
    ...common,
    name: 'helm3',
    programs: ['helm3', 'helm'],
    envVars: [{ name: 'HELM3_BIN' }, { name: 'HELM_BIN', shared: true }],
    version: '3.17.3',
    accepts: '>=3.17.0 <4.0.0-0',
    versionArgs: ['version', '--short'],
    npm: {
      package: 'helm3',
      archive: 'lib/layer.zip',
      entry: 'helm/helm',
      platform: 'linux-x64',
      sha256: 'c16af303055cfe1c1e64652b547cfdbed924e89fd2a20d8632d797978c14def3',
    },
    release: {
      url: 'https://get.helm.sh/helm-v{version}-{os}-{arch}.tar.gz',
      checksumUrl: 'https://get.helm.sh/helm-v{version}-{os}-{arch}.tar.gz.sha256sum',
      entry: '{os}-{arch}/helm',
    },
  },
  {
    ...common,
    name: 'helm4',
    programs: ['helm4', 'helm'],
    envVars: [{ name: 'HELM4_BIN' }, { name: 'HELM_BIN', shared: true }],
    version: '4.2.3',
    accepts: '>=4.2.0 <5.0.0-0',
    versionArgs: ['version', '--short'],
    npm: {
      package: 'helm4',
      archive: 'lib/layer.zip',
      entry: 'helm/helm',
      platform: 'linux-x64',
      sha256: 'aeb4645b9e6658948efa290e28dd23ae75a16fb73f137942f2294fd5c7fcb573',
    },
    release: {
      url: 'https://get.helm.sh/helm-v{version}-{os}-{arch}.tar.gz',
      checksumUrl: 'https://get.helm.sh/helm-v{version}-{os}-{arch}.tar.gz.sha256sum',
      entry: '{os}-{arch}/helm',
    },
  },
  {
    ...common,
    name: 'kubectl',
    programs: ['kubectl'],
    envVars: [{ name: 'KUBECTL_BIN' }],
    version: '1.36.3',
    accepts: '>=1.30.0-0',
    versionArgs: ['version', '--client'],
    npm: {
      package: 'helm4',
      archive: 'lib/layer.zip',
      entry: 'kubectl/kubectl',
      platform: 'linux-x64',
      sha256: 'ebbd080e7c2e275093b55915722043257eb24004363e20acb3c4d71919f88336',
    },
    release: {
      url: 'https://dl.k8s.io/release/v{version}/bin/{os}/{arch}/kubectl',
      checksumUrl: 'https://dl.k8s.io/release/v{version}/bin/{os}/{arch}/kubectl.sha256',
    },
  },
  {
    ...common,
    name: 'kubeconform',
    programs: ['kubeconform'],
    envVars: [{ name: 'KUBECONFORM_BIN' }],
    version: '0.8.0',
    accepts: '>=0.6.7',
    versionArgs: ['-v'],
    developmentVersion: 'development',
    release: {
      url: 'https://github.com/yannh/kubeconform/releases/download/v{version}/kubeconform-{os}-{arch}.tar.gz',
      checksumUrl: 'https://github.com/yannh/kubeconform/releases/download/v{version}/CHECKSUMS',
      entry: 'kubeconform',
    },
    go: { package: 'github.com/yannh/kubeconform/cmd/kubeconform', version: 'v0.8.0' },
  },
  {
    ...common,
    name: 'kube-score',
    programs: ['kube-score'],
    envVars: [{ name: 'KUBE_SCORE_BIN' }],
    version: '1.20.0',
    accepts: '>=1.19.0',
    versionArgs: ['version'],
    developmentVersion: 'kube-score version: development, commit: N/A, built: N/A',
    go: { package: 'github.com/zegl/kube-score/cmd/kube-score', version: 'v1.20.0' },
  },
  {
    ...common,
    name: 'checkov',
    programs: ['checkov'],
    envVars: [{ name: 'CHECKOV_BIN' }],
    version: '3.3.30',
    accepts: '>=3.2.0',
    versionArgs: ['--version'],
  },
]

registerTools(toolPins)
