import { type FieldCase, refuses, takes } from './field-case.ts'

/** Bare pods. */
export const pods: readonly FieldCase[] = [
  takes('Pod', "'a:1'", "'a:2'"),
  takes('Pod', 'tolerations:', 'enableServiceLinks: true\n  tolerations:'),
  takes('Pod', 'tolerations: [', 'tolerations: [{key: b, operator: Exists}, '),
  takes('Pod', 'tolerations:', 'activeDeadlineSeconds: 60\n  tolerations:'),
  refuses('Pod', 'spec.containers[0].env[0].value', 'value: b', 'value: c'),
  refuses(
    'Pod',
    'spec.tolerations',
    'tolerations: [{key: a, operator: Exists}]',
    'tolerations: []',
  ),
  refuses('Pod', 'spec.nodeSelector', 'tolerations:', 'nodeSelector: {a: b}\n  tolerations:'),
  takes('Pod', 'tolerations:', 'dnsPolicy: ClusterFirst\n  tolerations:'),
  takes(
    'ReplicationController',
    'selector: {app: demo}\n  template:\n    metadata: {labels: {app: demo}}',
    'selector: {x: z}\n  template:\n    metadata: {labels: {x: z}}',
  ),
]
