// Values for places of which our schema does not say enough: whole Kubernetes structures, and names that must fit others.
import type { Samples } from 'chart-harness'

const term = {
  weight: 1,
  podAffinityTerm: {
    topologyKey: 'kubernetes.io/hostname',
    labelSelector: { matchLabels: { a: 'b' } },
  },
}
const nodeTerm = { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }
const podTerms = [{ preferredDuringSchedulingIgnoredDuringExecution: [term] }]
const selectors = [{}, { matchLabels: { a: 'b' } }]
const image = 'registry.example.com/helper:1.2.3'
const restricted = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
}

/** By the end of the key's name. */
export const samples: Samples = {
  'affinity.nodeAffinity': [
    { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [nodeTerm] } },
    { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 7, preference: nodeTerm }] },
  ],
  'affinity.podAffinity': podTerms,
  'affinity.podAntiAffinity': podTerms,
  'topologySpreadConstraints[].labelSelector': selectors,
  podSelector: selectors,
  namespaceSelector: selectors,
  behavior: [{ scaleDown: { stabilizationWindowSeconds: 7 } }],
  'volumes[]': [
    { name: 'scratch', emptyDir: {} },
    { name: 'shared', configMap: { name: 'own' } },
  ],
  'initContainers[]': [{ name: 'prepare', image, securityContext: restricted }],
  'sidecars[]': [{ name: 'helper', image, securityContext: restricted }],
  'extraObjects[]': [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'extra' }, data: { a: 'b' } },
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra-of-{{ .Release.Name }}\ndata:\n  a: b\n',
  ],
}
