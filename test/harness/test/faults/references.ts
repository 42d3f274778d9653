import type { Fault } from './fault.ts'

/** See `Fault`. */
export const referenceFaults: readonly Fault[] = [
  // references
  ['reference-exists', 'Deployment/web', 'configMapRef: {name: web}', 'configMapRef: {name: wab}'],
  ['reference-exists', 'Deployment/web', 'secretRef: {name: web}', 'secretRef: {name: other}'],
  [
    'reference-exists',
    'Deployment/web',
    'configMapKeyRef: {name: web',
    'configMapKeyRef: {name: w',
  ],
  ['reference-exists', 'Deployment/web', 'secretKeyRef: {name: web', 'secretKeyRef: {name: w'],
  ['reference-exists', 'Deployment/web', 'may-be-absent, optional: true', 'may-be-absent'],
  ['reference-exists', 'Deployment/web', '- configMap: {name: web}', '- configMap: {name: w}'],
  ['reference-exists', 'Deployment/web', '- secret: {name: web}', '- secret: {name: w}'],
  ['reference-exists', 'Deployment/web', '{claimName: media}', '{claimName: medium}'],
  ['reference-exists', 'Deployment/web', 'serviceAccountName: web', 'serviceAccountName: wob'],
  [
    'reference-exists',
    'Deployment/web',
    /imagePullSecrets:\n {8}- name: pull/,
    'imagePullSecrets: [{name: push}]',
  ],
  [
    'reference-exists',
    'ServiceAccount/web',
    /imagePullSecrets:\n {2}- name: pull/,
    'imagePullSecrets: [{name: push}]',
  ],
  [
    'reference-exists',
    'Deployment/web',
    'emptyDir: {}',
    'csi: {driver: x, nodePublishSecretRef: {name: w}}',
  ],
  ['reference-exists', 'CronJob/sweep', '{claimName: dynamic}', '{claimName: static}'],
  ['reference-exists', 'StatefulSet/db', 'serviceName: db', 'serviceName: database'],
  [
    'reference-exists',
    'HorizontalPodAutoscaler/web',
    'kind: Deployment\n    name: web',
    'kind: Deployment\n    name: w',
  ],
  ['reference-exists', 'Ingress/web', 'secretName: outside-tls', 'secretName: inside-tls'],
  [
    'reference-exists',
    'Ingress/web',
    'service: {name: web, port: {name: http}}',
    'service: {name: w, port: {name: http}}',
  ],
  [
    'reference-exists',
    'Ingress/web',
    'service: {name: web, port: {number: 80}}',
    'service: {name: w, port: {number: 80}}',
  ],
  ['reference-exists', 'HTTPRoute/web', '- {name: web, port: 80}', '- {name: w, port: 80}'],
  ['reference-exists', 'RoleBinding/keys', 'kind: Role, name: keys', 'kind: Role, name: locks'],
  [
    'reference-exists',
    'RoleBinding/keys',
    '{kind: ServiceAccount, name: keys',
    '{kind: ServiceAccount, name: k',
  ],
  [
    'reference-exists',
    'RoleBinding/keys',
    'name: keys, namespace: default',
    'name: keys, namespace: other',
  ],
  [
    'reference-exists',
    'PersistentVolumeClaim/media',
    'volumeName: media-share',
    'volumeName: media-shore',
  ],
  [
    'reference-exists',
    'PersistentVolume/media-share',
    'claimRef: {name: media,',
    'claimRef: {name: medium,',
  ],
  ['reference-key', 'Deployment/web', 'name: web, key: GREETING', 'name: web, key: GREATING'],
  ['reference-key', 'Deployment/web', 'name: web, key: PASSWORD', 'name: web, key: password'],
  ['reference-key', 'Deployment/web', '{key: app.conf, path', '{key: ap.conf, path'],
]
