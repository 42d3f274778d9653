import { pinnedImage } from '../../rules/pins.ts'
import { apply, kubectl } from './kubectl.ts'

/** What a pod of the tests runs, by default as Mastodon's user. */
export interface PodOptions {
  readonly image: string
  readonly command: readonly string[]
  readonly user?: number
  readonly env?: readonly object[]
  readonly volumes?: readonly object[]
  readonly volumeMounts?: readonly object[]
  readonly resources?: object
  /** The command of the readiness probe. */
  readonly ready?: readonly string[]
}

/** An image with curl, which the cluster has anyway. */
const mastodonImage = pinnedImage('mastodon.image')

/** A pod that does nothing, for commands to be run in it. */
export const idle: PodOptions = { image: mastodonImage, command: ['sleep', 'infinity'] }

/** The label by which a Service of the tests selects its pod; the value is the pod's name. */
export const podLabel = 'cluster-test'

/** Starts a pod that Pod Security "restricted" allows, and waits until it is ready. */
export async function startPod(
  namespace: string,
  name: string,
  { user = 991, volumes = [], ready, ...container }: PodOptions,
): Promise<void> {
  const probe = { exec: { command: ready }, periodSeconds: 1, timeoutSeconds: 5 }
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { [podLabel]: name } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: user,
        runAsGroup: user,
        fsGroup: user,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumes,
      containers: [
        {
          name: 'main',
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          ...(ready === undefined ? {} : { readinessProbe: probe }),
          ...container,
        },
      ],
    },
  }
  await apply([pod], namespace)
  await kubectl(['wait', `pod/${name}`, '--for=condition=Ready', '--timeout=180s'], { namespace })
}
