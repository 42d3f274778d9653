// Values for keys that our schema does not describe fully: whole Kubernetes structures, and names that must match others.
import type { Suggestions } from 'chart-harness'

const term = {
  weight: 1,
  podAffinityTerm: {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: { a: 'b' } },
  },
}
const nodeTerm = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
const podTerms = [{ preferredDuringSchedulingIgnoredDuringExecution: [term] }]
const ownPods = { key: 'app.kubernetes.io/instance', operator: 'Exists' }
const selectors = [{}, { matchLabels: { a: 'b' } }]
const image = 'registry.example.com/helper:1.2.3'
const restricted = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
}

const certificate = { tls: { certificateRefs: [{ name: 'certificate' }] } }
const routeFilter = {
  type: 'ExtensionRef',
  extensionRef: { group: 'a.example', kind: 'Filter', name: 'a' },
}

const word = ['changed', 'other']
const port = ['http']

/** What users choose at their own risk is left out: it would not be admitted as "restricted". */
const restrictedKeys: Suggestions = {
  'securityContext.privileged': [false],
  'securityContext.allowPrivilegeEscalation': [false],
  'securityContext.procMount': ['Default'],
  'capabilities.add': [[]],
  'capabilities.drop': [['ALL']],
  runAsNonRoot: [true],
  runAsUser: [991, 1_000_000],
  seccompProfile: [{ type: 'RuntimeDefault' }, { type: 'Localhost', localhostProfile: 'a.json' }],
  appArmorProfile: [{ type: 'RuntimeDefault' }],
  seLinuxOptions: [{ level: 's0:c1,c2' }],
  'sysctls[]': [{ name: 'net.ipv4.tcp_syncookies', value: '1' }],
}

const extra = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra' }, data: { a: 'b' } },
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra-of-{{ .Release.Name }}\n',
]

/** By the end of the key's name. */
export const suggestions: Suggestions = {
  ...restrictedKeys,
  'httpGet.port': [...port, 3000],
  'tcpSocket.port': [...port, 3000],
  volumeMounts: [[]],
  'resources.requests': [{ cpu: '100m' }, { memory: '64Mi' }],
  'resources.limits': [{ memory: '7Gi' }, { cpu: 2 }],
  priorityClassName: word,
  runtimeClassName: word,
  'affinity.nodeAffinity': [
    { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm] } },
    { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 7, preference: nodeTerm }] },
  ],
  'affinity.podAffinity': podTerms,
  'affinity.podAntiAffinity': podTerms,
  'topologySpreadConstraints[].labelSelector': [{ matchExpressions: [ownPods] }],
  'topologySpreadConstraints[].matchLabelKeys[]': ['pod-template-hash'],
  podSelector: selectors,
  selector: selectors,

  namespaceSelector: selectors,
  behavior: [{ scaleDown: { stabilizationWindowSeconds: 7 } }],
  volumes: [[], [{ name: 'users-volume', emptyDir: {} }]],
  initContainers: [[], [{ name: 'users-first', image, securityContext: restricted }]],
  sidecars: [[], [{ name: 'users-helper', image, securityContext: restricted }]],
  'cloudnativepg.spec': [
    { monitoring: { enablePodMonitor: true } },
    { bootstrap: { recovery: { backup: { name: 'old' } } } },
  ],
  'cloudnativepg.pooler.parameters': [{ max_client_conn: 7, max_prepared_statements: 9 }],
  'cloudnativepg.backup.configuration': [{ wal: { compression: 'gzip' } }],
  'cloudnativepg.backup.schedule': ['0 0 4 * * *'],
  'backendTLSPolicy.validation': [{}, { hostname: 'a.example', wellKnownCACertificates: 'System' }],
  'listenerSet.listeners': [[], [{ name: 'https', port: 443, protocol: 'HTTPS', ...certificate }]],
  'listenerSet.listeners[]': [{ name: 'other', port: 8443, protocol: 'HTTPS', ...certificate }],
  filters: [[], [routeFilter]],
  'filters[]': [routeFilter],
  extraObjects: extra.map((object) => [object]),
  'extraObjects[]': extra,
}
