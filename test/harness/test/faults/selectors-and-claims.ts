import type { Fault } from './fault.ts'

/** See `Fault`. */
export const selectorAndClaimFaults: readonly Fault[] = [
  // selectors
  ['selector-selects', 'Service/web', 'selector: {app: web}', 'selector: {app: wab}'],
  [
    'selector-selects',
    'Deployment/web',
    'matchLabels: {app: web}\n  template',
    'matchLabels: {app: wab}\n  template',
  ],
  ['selector-selects', 'Deployment/web', 'labels: {app: sweep}', 'labels: {app: web}'],
  ['selector-selects', 'PodDisruptionBudget/web', /(maxUnavailable: 1\n[\s\S]*?app: )web/, '$1wab'],
  ['selector-selects', 'NetworkPolicy/db', /(podSelector:\n {4}matchLabels: \{app: )db/, '$1bd'],
  ['selector-selects', 'NetworkPolicy/db', /(podSelector:\n {12}matchLabels: \{app: )web/, '$1wab'],
  ['selector-selects', 'Deployment/web', /(labelSelector:\n {12}matchLabels: \{app: )web/, '$1wab'],
  [
    'selector-selects',
    'Deployment/web',
    'operator: In, values: ["true"]',
    'operator: In, values: ["yes"]',
  ],
  [
    'selector-selects',
    'ServiceMonitor/web',
    'labels: {monitored: "yes"}',
    'labels: {monitored: "no"}',
  ],
  ['selector-selects', 'PodMonitor/db', /(PodMonitor[\s\S]*?app: )db/, '$1bd'],
  // ports
  ['port-exists', 'ServiceMonitor/web', '- {port: metrics}', '- {port: metric}'],
  ['port-exists', 'PodMonitor/db', /(podMetricsEndpoints:\n.*port: )sql/, '$1sequel'],
  [
    'port-exists',
    'Deployment/web',
    'httpGet: {path: /, port: http}',
    'httpGet: {path: /, port: https}',
  ],
  ['port-exists', 'Deployment/web', 'tcpSocket: {port: 8080}', 'tcpSocket: {port: 8081}'],
  ['port-exists', 'Service/web', 'targetPort: http}', 'targetPort: https}'],
  ['port-exists', 'Service/web', 'name: metrics, port: 9090', 'name: metrics, port: 9091'],
  ['port-exists', 'Ingress/web', 'port: {name: http}', 'port: {name: https}'],
  ['port-exists', 'Ingress/web', 'port: {number: 80}', 'port: {number: 81}'],
  ['port-exists', 'HTTPRoute/web', '- {name: web, port: 80}', '- {name: web, port: 81}'],
  ['port-exists', 'NetworkPolicy/db', '- {port: sql}', '- {port: http}'],
  // claims
  ['claim-pinned', 'PersistentVolumeClaim/media', /\n {2}claimRef: .*/, ''],
  ['claim-pinned', 'PersistentVolume/media-share', /\n {2}volumeName: .*/, ''],
  [
    'claim-fits',
    'PersistentVolumeClaim/media',
    'storageClassName: ""\n  volumeName',
    'storageClassName: nfs\n  volumeName',
  ],
  [
    'claim-fits',
    'PersistentVolumeClaim/media',
    /storageClassName: ""\n {2}volumeName/,
    'volumeName',
  ],
  [
    'claim-fits',
    'PersistentVolumeClaim/media',
    /(name: media\nspec:\n {2}accessModes: )\[ReadWriteMany\]/,
    '$1[ReadWriteOnce]',
  ],
  [
    'claim-fits',
    'PersistentVolumeClaim/media',
    'requests: {storage: 10Gi}',
    'requests: {storage: 11G}',
  ],
  [
    'claim-is-used',
    'PersistentVolumeClaim/dynamic',
    'persistentVolumeClaim: {claimName: dynamic}',
    'emptyDir: {}',
  ],
]
