import type { Fault } from './fault.ts'

/** See `Fault`. */
export const orderAndMountFaults: readonly Fault[] = [
  // hooks
  ['hook-order', 'RoleBinding/keys', /hook-weight: "-10"\}\nrules/, 'hook-weight: "-5"}\nrules'],
  ['hook-order', 'Job/keys', /hook-weight: "-10"\}\nroleRef/, 'hook-weight: "0"}\nroleRef'],
  ['hook-order', 'Job/keys', 'serviceAccountName: keys', 'serviceAccountName: web'],
  [
    'hook-order',
    'Job/keys',
    /(name: keys\n {2}annotations: \{helm.sh\/hook: "pre-install,pre-upgrade", helm.sh\/hook-weight: )"0"/,
    '$1"-20"',
  ],
  [
    'hook-order',
    'Job/keys',
    'annotations: {helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-20"}',
    'annotations: {helm.sh/hook: pre-install, helm.sh/hook-weight: "-20"}',
  ],
  [
    'hook-order',
    'Deployment/web',
    /(Source: clean\/templates\/web\/config-map.yaml\n[\s\S]*?metadata:)/,
    '$1\n  annotations: {helm.sh/hook: post-install}',
  ],
  [
    'hook-order',
    'Deployment/web',
    /(Source: clean\/templates\/web\/config-map.yaml\n[\s\S]*?metadata:)/,
    '$1\n  annotations: {helm.sh/hook: pre-install, helm.sh/hook-delete-policy: hook-succeeded}',
  ],
  ['hook-order', 'Pod/test', 'helm.sh/hook: test', 'helm.sh/hook: post-delete'],
  // mounts
  ['mount-has-volume', 'Deployment/web', '{name: tmp, mountPath', '{name: temp, mountPath'],
  [
    'mount-has-volume',
    'StatefulSet/db',
    '{name: data, mountPath: /data}\n  volumeClaim',
    '{name: d, mountPath: /data}\n  volumeClaim',
  ],
  ['volume-is-mounted', 'Deployment/web', '- {name: tmp, mountPath: /tmp}', '[]'],
  [
    'volume-name-unique',
    'Deployment/web',
    '- name: tmp\n',
    '- name: all\n          emptyDir: {}\n        - name: tmp\n',
  ],
  ['mount-path-unique', 'Deployment/web', 'mountPath: /all/', 'mountPath: /media/'],
  ['mount-subpath', 'Deployment/web', 'subPath: app.conf', 'subPath: app.cnf'],
]
