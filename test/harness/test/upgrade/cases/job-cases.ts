import { type FieldCase, refuses, takes } from './field-case.ts'

const labels = 'labels: {app: demo}'
const relabelled = 'labels: {app: demo, x: z}'
const image = 'example.org/main:1'
const otherImage = 'example.org/main:2'
const main = "image: 'example.org/main:1'"
/** Jobs. */
export const jobs: readonly FieldCase[] = [
  refuses('Job', 'spec.template.spec.containers[0].image', image, otherImage),
  refuses('Job', 'spec.template.metadata.labels.x', labels, relabelled),
  refuses(
    'Job',
    'spec.template.spec.nodeSelector',
    'restartPolicy: Never',
    'restartPolicy: Never\n      nodeSelector: {a: b}',
  ),
  refuses('Job', 'spec.template.spec.containers[0].resources.requests.cpu', '500m', '600m'),
  refuses(
    'Job',
    'spec.template.spec.restartPolicy',
    'restartPolicy: Never',
    'restartPolicy: OnFailure',
  ),
  refuses('Job', 'spec.completions', 'completions: 1', 'completions: 2'),
  refuses('JobBare', 'spec.completions', 'template:', 'completions: 2\n  template:'),
  takes('JobBare', 'template:', 'completions: 1\n  template:'),
  takes('JobBare', 'template:', 'parallelism: 2\n  template:'),
  refuses(
    'Job',
    'spec.completionMode',
    'completions: 1',
    'completions: 1\n  completionMode: Indexed',
  ),
  takes('Job', 'completions: 1', 'completions: 1\n  completionMode: NonIndexed'),
  takes('JobIndexed', 'completions: 2\n  parallelism: 2', 'completions: 3\n  parallelism: 3'),
  refuses('JobIndexed', 'spec.completions', 'completions: 2', 'completions: 3'),
  refuses(
    'Job',
    'spec.podFailurePolicy',
    'completions: 1',
    'podFailurePolicy: {rules: [{action: Ignore, onPodConditions: [{type: DisruptionTarget, status: "True"}]}]}',
  ),
  refuses(
    'JobIndexed',
    'spec.backoffLimitPerIndex',
    'completions: 2',
    'completions: 2\n  backoffLimitPerIndex: 1',
  ),
  refuses(
    'JobIndexed',
    'spec.successPolicy',
    'completions: 2',
    "completions: 2\n  successPolicy: {rules: [{succeededIndexes: '0'}]}",
  ),
  refuses('Job', 'spec.managedBy', 'completions: 1', 'managedBy: example.com/one'),
  refuses(
    'Job',
    'spec.selector',
    'completions: 1',
    'manualSelector: true\n  selector: {matchLabels: {app: demo}}',
  ),
  takes('Job', 'completions: 1', 'backoffLimit: 2\n  completions: 1'),
  takes('Job', 'completions: 1', 'activeDeadlineSeconds: 60\n  completions: 1'),
  takes('Job', 'completions: 1', 'ttlSecondsAfterFinished: 60\n  completions: 1'),
  takes('Job', 'completions: 1', 'suspend: true\n  completions: 1'),
  takes('JobSuspended', labels, relabelled),
  takes('JobSuspended', 'metadata: {labels', 'metadata: {annotations: {a: b}, labels'),
  takes('JobSuspended', 'restartPolicy: Never', 'restartPolicy: Never\n      nodeSelector: {a: b}'),
  takes(
    'JobSuspended',
    'restartPolicy: Never',
    'restartPolicy: Never\n      tolerations: [{operator: Exists}]',
  ),
  takes(
    'JobSuspended',
    'restartPolicy: Never',
    'restartPolicy: Never\n      schedulingGates: [{name: a/b}]',
  ),
  takes(
    'JobSuspended',
    'restartPolicy: Never',
    'restartPolicy: Never\n      affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: Exists}]}]}}}',
  ),
  refuses(
    'JobSuspended',
    'spec.template.spec.affinity',
    'restartPolicy: Never',
    'restartPolicy: Never\n      affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone, labelSelector: {matchLabels: {a: b}}}]}}',
  ),
  refuses('JobSuspended', 'spec.template.spec.containers[0].image', image, otherImage),
  {
    ...refuses(
      'JobSuspended',
      'spec.template.spec.containers[0].resources.requests.cpu',
      '500m',
      '600m',
    ),
    since: 36,
  },
  takes('CronJob', "image: 'a:1'", "image: 'a:2'"),
  // What Kubernetes would fill in may be written out.
  ...[
    `${main}, imagePullPolicy: IfNotPresent`,
    `${main}, terminationMessagePath: /dev/termination-log`,
    `${main}, terminationMessagePolicy: File`,
    `${main}, env: []`,
  ].map((to) => ({ ...takes('Job', main, to) })),
  takes('Job', '500m', "'0.5'"),
  refuses(
    'Job',
    'spec.template.spec.containers[0].securityContext',
    main,
    `${main}, securityContext: {}`,
  ),
  ...[
    'dnsPolicy: ClusterFirst',
    'schedulerName: default-scheduler',
    'terminationGracePeriodSeconds: 30',
    'securityContext: {}',
    'volumes: []',
    'serviceAccountName: ""',
  ].map((line) => takes('Job', 'restartPolicy: Never', `restartPolicy: Never\n      ${line}`)),
  ...(
    [
      ['configMap: {', 'configMap: {defaultMode: 420, '],
      ['secret: {', 'secret: {defaultMode: 0644, '],
      ['projected: {', 'projected: {defaultMode: 0o644, '],
      ['hostPath: {', "hostPath: {type: '', "],
      ['downwardAPI: {', 'downwardAPI: {defaultMode: 420, '],
      [
        'fieldRef: {fieldPath: metadata.name}}}',
        'fieldRef: {apiVersion: v1, fieldPath: metadata.name}}}',
      ],
      [
        'fieldRef: {fieldPath: metadata.name}}]',
        'fieldRef: {apiVersion: v1, fieldPath: metadata.name}}]',
      ],
      ['containerPort: 80', 'containerPort: 80, protocol: TCP'],
      ['env:', 'imagePullPolicy: Always\n          env:'],
      ['cpu: 700m', 'cpu: 0.7'],
      ['httpGet: {port: 80}', 'httpGet: {port: 80, scheme: HTTP, path: /}'],
      ['readinessProbe: {', 'readinessProbe: {timeoutSeconds: 1, periodSeconds: 10, '],
      ['livenessProbe: {', 'livenessProbe: {successThreshold: 1, failureThreshold: 3, '],
      ['startupProbe: {', 'startupProbe: {timeoutSeconds: 1, periodSeconds: 10, '],
      ['preStop: {httpGet: {', 'preStop: {httpGet: {scheme: HTTP, path: /, '],
    ] as const
  ).map(([from, to]) => takes('JobFull', from, to)),
  ...(
    [
      [
        'spec.template.spec.volumes[0].configMap.defaultMode',
        'configMap: {',
        'configMap: {defaultMode: 384, ',
      ],
      ['spec.template.spec.volumes[5].emptyDir', 'emptyDir: {}', 'hostPath: {path: /y}'],
      [
        'spec.template.spec.volumes[5].emptyDir.medium',
        'emptyDir: {}',
        'emptyDir: {medium: Memory}',
      ],
      [
        'spec.template.spec.containers[0].imagePullPolicy',
        'env:',
        'imagePullPolicy: IfNotPresent\n          env:',
      ],
      [
        'spec.template.spec.containers[0].readinessProbe.timeoutSeconds',
        'readinessProbe: {',
        'readinessProbe: {timeoutSeconds: 2, ',
      ],
      // Kubernetes fills these in for pods, and not for templates.
      [
        'spec.template.spec.containers[0].resources.requests.memory',
        'limits:',
        'requests: {memory: 1Gi}, limits:',
      ],
      [
        'spec.template.spec.enableServiceLinks',
        'volumes:',
        'enableServiceLinks: true\n      volumes:',
      ],
    ] as const
  ).map(([path, from, to]) => refuses('JobFull', path, from, to)),
  refuses(
    'Job',
    'spec.template.spec.terminationGracePeriodSeconds',
    'restartPolicy: Never',
    'restartPolicy: Never\n      terminationGracePeriodSeconds: 31',
  ),
  refuses(
    'Job',
    'spec.template.spec.enableServiceLinks',
    'restartPolicy: Never',
    'restartPolicy: Never\n      enableServiceLinks: false',
  ),
]
