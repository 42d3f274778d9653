import type { Fault } from './fault.ts'

/** See `Fault`. */
export const nameFaults: readonly Fault[] = [
  // names
  ['name-legal', 'Service/1web', /(exposure\/service.yaml\n[\s\S]*?name: )web/, '$11web'],
  ['name-legal', 'ConfigMap/Web', /(config-map.yaml\n[\s\S]*?name: )web/, '$1Web'],
  ['name-legal', `CronJob/${'x'.repeat(53)}`, 'name: sweep\nspec', `name: ${'x'.repeat(53)}\nspec`],
  ['name-legal', 'Deployment/web', '- name: proxy', '- name: Proxy'],
  ['name-legal', 'Deployment/web', '- name: proxy', '- name: prepare'],
  ['label-legal', 'ConfigMap/web', 'labels: {app: web}\ndata', 'labels: {app: "a b"}\ndata'],
  [
    'label-legal',
    'ConfigMap/web',
    'labels: {app: web}\ndata',
    `labels: {app: ${'x'.repeat(64)}}\ndata`,
  ],
  ['label-legal', 'ConfigMap/web', 'labels: {app: web}\ndata', 'labels: {app: 1}\ndata'],
  ['label-legal', 'ConfigMap/web', 'labels: {app: web}\ndata', 'labels: {a/b/c: web}\ndata'],
  ['label-legal', 'Deployment/web', 'media: "true"', 'media: true'],
  ['annotation-legal', 'Deployment/web', 'example.org/note: deployed', 'example.org/note: 1'],
  [
    'annotation-legal',
    'Deployment/web',
    'example.org/note: deployed',
    '"example org/note": deployed',
  ],
  [
    'annotation-legal',
    'Deployment/web',
    'example.org/note: deployed',
    `example.org/note: ${'x'.repeat(256 * 1024)}`,
  ],
  ['port-name-legal', 'StatefulSet/db', '{name: sql,', '{name: structured-query,'],
  [
    'port-name-legal',
    'Deployment/web',
    '- {containerPort: 9090}',
    '- {name: http, containerPort: 9090}',
  ],
  ['port-name-legal', 'Service/web', '- {name: metrics, port: 9090}', '- {port: 9090}'],
  ['port-name-legal', 'Service/web', '- {name: metrics, port: 9090}', '- {name: http, port: 9090}'],
  ['env-legal', 'Deployment/web', '- name: HELLO', '- name: 1HELLO'],
  ['env-order', 'Deployment/web', '$$(LAST)', '$(LAST)'],
  ['env-unique', 'Deployment/web', '- name: HELLO', '- name: WORD'],
]
