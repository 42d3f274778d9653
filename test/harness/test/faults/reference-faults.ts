/** Faults by the rule that must find them and the object in which it does: what replaces what in the clean render. */
export type Faults = Readonly<
  Record<
    string,
    Readonly<Record<string, readonly (readonly [search: string | RegExp, replacement: string])[]>>
  >
>

/** Faults in how objects refer to each other. */
export const referenceFaults: Faults = {
  'reference-exists': {
    'Deployment/web': [
      ['configMapRef: {name: web}', 'configMapRef: {name: wab}'],
      ['secretRef: {name: web}', 'secretRef: {name: other}'],
      ['configMapKeyRef: {name: web', 'configMapKeyRef: {name: w'],
      ['secretKeyRef: {name: web', 'secretKeyRef: {name: w'],
      ['may-be-absent, optional: true', 'may-be-absent'],
      ['- configMap: {name: web}', '- configMap: {name: w}'],
      ['- secret: {name: web}', '- secret: {name: w}'],
      ['{claimName: media}', '{claimName: medium}'],
      ['serviceAccountName: web', 'serviceAccountName: wob'],
      [/imagePullSecrets:\n {8}- name: pull/, 'imagePullSecrets: [{name: push}]'],
      ['emptyDir: {}', 'csi: {driver: x, nodePublishSecretRef: {name: w}}'],
    ],
    'ServiceAccount/web': [
      [/imagePullSecrets:\n {2}- name: pull/, 'imagePullSecrets: [{name: push}]'],
    ],
    'CronJob/sweep': [['{claimName: dynamic}', '{claimName: static}']],
    'StatefulSet/db': [['serviceName: db', 'serviceName: database']],
    'HorizontalPodAutoscaler/web': [
      ['kind: Deployment\n    name: web', 'kind: Deployment\n    name: w'],
    ],
    'Ingress/web': [
      ['secretName: outside-tls', 'secretName: inside-tls'],
      ['service: {name: web, port: {name: http}}', 'service: {name: w, port: {name: http}}'],
      ['service: {name: web, port: {number: 80}}', 'service: {name: w, port: {number: 80}}'],
    ],
    'HTTPRoute/web': [['- {name: web, port: 80}', '- {name: w, port: 80}']],
    'RoleBinding/keys': [
      ['kind: Role, name: keys', 'kind: Role, name: locks'],
      ['{kind: ServiceAccount, name: keys', '{kind: ServiceAccount, name: k'],
      ['name: keys, namespace: default', 'name: keys, namespace: other'],
    ],
    'PersistentVolumeClaim/media': [['volumeName: media-share', 'volumeName: media-shore']],
    'PersistentVolume/media-share': [['claimRef: {name: media,', 'claimRef: {name: medium,']],
  },
  'reference-key': {
    'Deployment/web': [
      ['name: web, key: GREETING', 'name: web, key: GREATING'],
      ['name: web, key: PASSWORD', 'name: web, key: password'],
      ['{key: app.conf, path', '{key: ap.conf, path'],
    ],
  },
  'hook-order': {
    'RoleBinding/keys': [[/hook-weight: "-10"\}\nrules/, 'hook-weight: "-5"}\nrules']],
    'Job/keys': [
      [/hook-weight: "-10"\}\nroleRef/, 'hook-weight: "0"}\nroleRef'],
      ['serviceAccountName: keys', 'serviceAccountName: web'],
      [
        /(name: keys\n {2}annotations: \{helm.sh\/hook: "pre-install,pre-upgrade", helm.sh\/hook-weight: )"0"/,
        '$1"-20"',
      ],
      [
        'annotations: {helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-20"}',
        'annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "-20"}',
      ],
    ],
    'Deployment/web': [
      [
        /(Source: clean\/templates\/web\/config-map.yaml\n[\s\S]*?metadata:)/,
        '$1\n  annotations: {helm.sh/hook: post-install}',
      ],
      [
        /(Source: clean\/templates\/web\/config-map.yaml\n[\s\S]*?metadata:)/,
        '$1\n  annotations: {helm.sh/hook: pre-install, helm.sh/hook-delete-policy: hook-succeeded}',
      ],
    ],
    'Pod/test': [['helm.sh/hook: test', 'helm.sh/hook: post-delete']],
  },
  'mount-has-volume': {
    'Deployment/web': [['{name: tmp, mountPath', '{name: temp, mountPath']],
    'StatefulSet/db': [
      [
        '{name: data, mountPath: /data}\n  volumeClaim',
        '{name: d, mountPath: /data}\n  volumeClaim',
      ],
    ],
  },
  'volume-is-mounted': {
    'Deployment/web': [['- {name: tmp, mountPath: /tmp}', '[]']],
  },
  'volume-name-unique': {
    'Deployment/web': [
      ['- name: tmp\n', '- name: all\n          emptyDir: {}\n        - name: tmp\n'],
    ],
  },
  'mount-path-unique': {
    'Deployment/web': [['mountPath: /all/', 'mountPath: /media/']],
  },
  'mount-subpath': {
    'Deployment/web': [['subPath: app.conf', 'subPath: app.cnf']],
  },
  'selector-selects': {
    'Service/web': [['selector: {app: web}', 'selector: {app: wab}']],
    'Deployment/web': [
      ['matchLabels: {app: web}\n  template', 'matchLabels: {app: wab}\n  template'],
      ['labels: {app: sweep}', 'labels: {app: web}'],
      [/(labelSelector:\n {12}matchLabels: \{app: )web/, '$1wab'],
      ['operator: In, values: ["true"]', 'operator: In, values: ["yes"]'],
    ],
    'PodDisruptionBudget/web': [[/(maxUnavailable: 1\n[\s\S]*?app: )web/, '$1wab']],
    'NetworkPolicy/db': [
      [/(podSelector:\n {4}matchLabels: \{app: )db/, '$1bd'],
      [/(podSelector:\n {12}matchLabels: \{app: )web/, '$1wab'],
    ],
    'ServiceMonitor/web': [['labels: {monitored: "yes"}', 'labels: {monitored: "no"}']],
    'PodMonitor/db': [[/(PodMonitor[\s\S]*?app: )db/, '$1bd']],
  },
  'port-exists': {
    'ServiceMonitor/web': [['- {port: metrics}', '- {port: metric}']],
    'PodMonitor/db': [[/(podMetricsEndpoints:\n.*port: )sql/, '$1sequel']],
    'Deployment/web': [
      ['httpGet: {path: /, port: http}', 'httpGet: {path: /, port: https}'],
      ['tcpSocket: {port: 8080}', 'tcpSocket: {port: 8081}'],
    ],
    'Service/web': [
      ['targetPort: http}', 'targetPort: https}'],
      ['name: metrics, port: 9090', 'name: metrics, port: 9091'],
    ],
    'Ingress/web': [
      ['port: {name: http}', 'port: {name: https}'],
      ['port: {number: 80}', 'port: {number: 81}'],
    ],
    'HTTPRoute/web': [['- {name: web, port: 80}', '- {name: web, port: 81}']],
    'NetworkPolicy/db': [['- {port: sql}', '- {port: http}']],
  },
  'claim-pinned': {
    'PersistentVolumeClaim/media': [[/\n {2}claimRef: .*/, '']],
    'PersistentVolume/media-share': [[/\n {2}volumeName: .*/, '']],
  },
  'claim-fits': {
    'PersistentVolumeClaim/media': [
      ['storageClassName: ""\n  volumeName', 'storageClassName: nfs\n  volumeName'],
      [/storageClassName: ""\n {2}volumeName/, 'volumeName'],
      [/(name: media\nspec:\n {2}accessModes: )\[ReadWriteMany\]/, '$1[ReadWriteOnce]'],
      ['requests: {storage: 10Gi}', 'requests: {storage: 11G}'],
    ],
  },
  'claim-is-used': {
    'PersistentVolumeClaim/dynamic': [
      ['persistentVolumeClaim: {claimName: dynamic}', 'emptyDir: {}'],
    ],
  },
}
