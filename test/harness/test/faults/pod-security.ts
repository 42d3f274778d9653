import type { Fault } from './fault.ts'

/** See `Fault`. */
export const podSecurityFaults: readonly Fault[] = [
  // Pod Security
  [
    'pod-security',
    'Deployment/web',
    'restartPolicy: Always\n          securityContext:\n            allowPrivilegeEscalation: false',
    'restartPolicy: Always\n          securityContext:',
  ],
  ['pod-security', 'Deployment/web', 'drop: [ALL]', 'drop: [ALL]\n              add: [SYS_TIME]'],
  ['pod-security', 'StatefulSet/db', /(kind: StatefulSet[\s\S]*?)drop: \[ALL\]/, '$1drop: []'],
  [
    'pod-security',
    'CronJob/sweep',
    /(kind: CronJob[\s\S]*?)runAsNonRoot: true/,
    '$1runAsNonRoot: false',
  ],
  ['pod-security', 'CronJob/sweep', /(kind: CronJob[\s\S]*?) *runAsNonRoot: true\n/, '$1'],
  ['pod-security', 'CronJob/sweep', /(kind: CronJob[\s\S]*?)runAsUser: 1000/, '$1runAsUser: 0'],
  ['pod-security', 'Pod/test', /(kind: Pod\n[\s\S]*?)type: RuntimeDefault/, '$1type: Unconfined'],
  [
    'pod-security',
    'Pod/test',
    /(kind: Pod\n[\s\S]*?) *seccompProfile:\n *type: RuntimeDefault\n/,
    '$1',
  ],
  ['pod-security', 'Deployment/web', 'emptyDir: {}', 'hostPath: {path: /tmp}'],
  [
    'pod-security',
    'Deployment/web',
    '{name: http, containerPort: 8080}',
    '{name: http, containerPort: 8080, hostPort: 80}',
  ],
  [
    'pod-security',
    'Deployment/web',
    'runAsUser: 1000',
    'runAsUser: 1000\n        sysctls: [{name: kernel.msgmax, value: "1"}]',
  ],
  [
    'pod-security',
    'Deployment/web',
    'runAsUser: 1000',
    'runAsUser: 1000\n        seLinuxOptions: {type: spc_t}',
  ],
  [
    'pod-security',
    'Deployment/web',
    'runAsUser: 1000',
    'runAsUser: 1000\n        seLinuxOptions: {role: r}',
  ],
  [
    'pod-security',
    'Deployment/web',
    'runAsUser: 1000',
    'runAsUser: 1000\n        appArmorProfile: {type: Unconfined}',
  ],
  [
    'pod-security',
    'Deployment/web',
    'runAsUser: 1000',
    'runAsUser: 1000\n        windowsOptions: {hostProcess: true}',
  ],
  [
    'pod-security',
    'Deployment/web',
    'serviceAccountName: web',
    'serviceAccountName: web\n      hostNetwork: true',
  ],
  [
    'pod-security',
    'Deployment/web',
    'serviceAccountName: web',
    'serviceAccountName: web\n      hostPID: true',
  ],
  [
    'pod-security',
    'Deployment/web',
    'serviceAccountName: web',
    'serviceAccountName: web\n      hostIPC: true',
  ],
  [
    'pod-security',
    'Deployment/web',
    'allowPrivilegeEscalation: false',
    'allowPrivilegeEscalation: false\n            privileged: true',
  ],
  [
    'pod-security',
    'Deployment/web',
    'allowPrivilegeEscalation: false',
    'allowPrivilegeEscalation: false\n            procMount: Unmasked',
  ],
  [
    'pod-security',
    'Deployment/web',
    'httpGet: {path: /, port: http}',
    'httpGet: {host: example.org, path: /, port: http}',
  ],
]
