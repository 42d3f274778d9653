import { bases } from './cases/bases.ts'
import { type Step, testSteps } from './steps.ts'

const hpa = `\n---\n${bases.HorizontalPodAutoscaler}`
const unscaled = bases.Deployment.replace('  replicas: 2\n', '')
const workloads: readonly Step[] = [
  {
    title: 'a number of pods that is left out becomes one',
    before: bases.Deployment,
    after: `${unscaled}${hpa}`,
    finds: [
      'warning replicas-dropped: Deployment/demo spec.replicas: 2 → absent: Kubernetes makes it 1 until an autoscaler acts',
    ],
  },
  {
    title: 'one pod stays one',
    before: bases.Deployment.replace(': 2', ': 1'),
    after: unscaled,
    finds: [],
  },
  {
    title: 'a number of pods that an autoscaler set is its own',
    before: `${unscaled}${hpa}`,
    after: bases.Deployment,
    finds: [
      'refused replicas-owned: Deployment/demo spec.replicas: absent → 2: Helm 4 refuses to take the number from HorizontalPodAutoscaler/demo, which set it. Upgrade with --force-conflicts',
    ],
  },
  {
    title: 'a number of pods that nobody set may be set',
    before: `${unscaled}${hpa.replace('kind: Deployment', 'kind: StatefulSet')}`,
    after: `${bases.Deployment}${hpa.replace('kind: Deployment', 'kind: StatefulSet')}`,
    finds: [],
  },
]

testSteps('the number of pods', workloads)
