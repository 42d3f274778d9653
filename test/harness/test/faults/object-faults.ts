import type { Faults } from './reference-faults.ts'

/** Faults in single objects. */
export const objectFaults: Faults = {
  'name-legal': {
    'Service/1web': [[/(exposure\/service.yaml\n[\s\S]*?name: )web/, '$11web']],
    'ConfigMap/Web': [[/(config-map.yaml\n[\s\S]*?name: )web/, '$1Web']],
    [`CronJob/${'x'.repeat(53)}`]: [['name: sweep\nspec', `name: ${'x'.repeat(53)}\nspec`]],
    'Deployment/web': [
      ['- name: proxy', '- name: Proxy'],
      ['- name: proxy', '- name: prepare'],
    ],
  },
  'label-legal': {
    'ConfigMap/web': [
      ['labels: {app: web}\ndata', 'labels: {app: "a b"}\ndata'],
      ['labels: {app: web}\ndata', `labels: {app: ${'x'.repeat(64)}}\ndata`],
      ['labels: {app: web}\ndata', 'labels: {app: 1}\ndata'],
      ['labels: {app: web}\ndata', 'labels: {a/b/c: web}\ndata'],
    ],
    'Deployment/web': [['media: "true"', 'media: true']],
  },
  'annotation-legal': {
    'Deployment/web': [
      ['example.org/note: deployed', 'example.org/note: 1'],
      ['example.org/note: deployed', '"example org/note": deployed'],
      ['example.org/note: deployed', `example.org/note: ${'x'.repeat(256 * 1024)}`],
    ],
  },
  'port-name-legal': {
    'StatefulSet/db': [['{name: sql,', '{name: structured-query,']],
    'Deployment/web': [['- {containerPort: 9090}', '- {name: http, containerPort: 9090}']],
    'Service/web': [
      ['- {name: metrics, port: 9090}', '- {port: 9090}'],
      ['- {name: metrics, port: 9090}', '- {name: http, port: 9090}'],
    ],
  },
  'env-legal': {
    'Deployment/web': [['- name: HELLO', '- name: 1HELLO']],
  },
  'env-order': {
    'Deployment/web': [['$$(LAST)', '$(LAST)']],
  },
  'env-unique': {
    'Deployment/web': [['- name: HELLO', '- name: WORD']],
  },
  'pod-security': {
    'Deployment/web': [
      [
        'restartPolicy: Always\n          securityContext:\n            allowPrivilegeEscalation: false',
        'restartPolicy: Always\n          securityContext:',
      ],
      ['drop: [ALL]', 'drop: [ALL]\n              add: [SYS_TIME]'],
      ['emptyDir: {}', 'hostPath: {path: /tmp}'],
      ['{name: http, containerPort: 8080}', '{name: http, containerPort: 8080, hostPort: 80}'],
      ['runAsUser: 1000', 'runAsUser: 1000\n        sysctls: [{name: kernel.msgmax, value: "1"}]'],
      ['runAsUser: 1000', 'runAsUser: 1000\n        seLinuxOptions: {type: spc_t}'],
      ['runAsUser: 1000', 'runAsUser: 1000\n        seLinuxOptions: {role: r}'],
      ['runAsUser: 1000', 'runAsUser: 1000\n        appArmorProfile: {type: Unconfined}'],
      ['runAsUser: 1000', 'runAsUser: 1000\n        windowsOptions: {hostProcess: true}'],
      ['serviceAccountName: web', 'serviceAccountName: web\n      hostNetwork: true'],
      ['serviceAccountName: web', 'serviceAccountName: web\n      hostPID: true'],
      ['serviceAccountName: web', 'serviceAccountName: web\n      hostIPC: true'],
      [
        'allowPrivilegeEscalation: false',
        'allowPrivilegeEscalation: false\n            privileged: true',
      ],
      [
        'allowPrivilegeEscalation: false',
        'allowPrivilegeEscalation: false\n            procMount: Unmasked',
      ],
      ['httpGet: {path: /, port: http}', 'httpGet: {host: example.org, path: /, port: http}'],
    ],
    'StatefulSet/db': [[/(kind: StatefulSet[\s\S]*?)drop: \[ALL\]/, '$1drop: []']],
    'CronJob/sweep': [
      [/(kind: CronJob[\s\S]*?)runAsNonRoot: true/, '$1runAsNonRoot: false'],
      [/(kind: CronJob[\s\S]*?) *runAsNonRoot: true\n/, '$1'],
      [/(kind: CronJob[\s\S]*?)runAsUser: 1000/, '$1runAsUser: 0'],
    ],
    'Pod/test': [
      [/(kind: Pod\n[\s\S]*?)type: RuntimeDefault/, '$1type: Unconfined'],
      [/(kind: Pod\n[\s\S]*?) *seccompProfile:\n *type: RuntimeDefault\n/, '$1'],
    ],
  },
  'template-leftover': {
    'ConfigMap/web': [
      ['GREETING: "hello"', 'GREETING: "<no value>"'],
      ['GREETING: "hello"', 'GREETING: "<nil>"'],
      ['GREETING: "hello"', 'GREETING: "%!s(int=1)"'],
      ['GREETING: "hello"', 'GREETING: "map[a:b]"'],
      ['GREETING: "hello"', 'GREETING: "{{ .Values.greeting }}"'],
      ['GREETING: "hello"', '"<nil>": "hello"'],
    ],
  },
  'field-empty': {
    'ConfigMap/web': [['GREETING: "hello"', 'GREETING:']],
    'Deployment/web': [['emptyDir: {}', 'emptyDir:']],
  },
}
