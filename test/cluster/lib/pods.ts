import type { ContainerStatus, Pod } from 'kubernetes-types/core/v1.d.ts'
import { kubectl, list } from './kubectl.ts'
import type { Scenario } from './scenario.ts'
import { eventually } from './wait.ts'

/** The pods of a release, or of one component, for example "web". */
export function podsOf({ release }: Scenario, component?: string): Promise<readonly Pod[]> {
  const { name, namespace } = release
  const only = component === undefined ? '' : `,app.kubernetes.io/component=${component}`
  return list<Pod>('pods', { namespace, selector: `app.kubernetes.io/instance=${name}${only}` })
}

/** The addresses of a component's pods that are not about to end. */
export async function addressesOf(scenario: Scenario, component: string): Promise<string[]> {
  const pods = (await podsOf(scenario, component)).filter(
    ({ metadata }) => !metadata?.deletionTimestamp,
  )
  return pods.map(({ status }) => String(status?.podIP))
}

/** The statuses of all containers of a pod. */
export function statusesOf({ status }: Pod): ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
}

/** Waits until a container of the component has ended with a message, and returns that. */
export function refusal(scenario: Scenario, component: string): Promise<string> {
  const message = async () =>
    (await podsOf(scenario, component))
      .flatMap(statusesOf)
      .flatMap(({ state, lastState }) => [state, lastState])
      .find((state) => state?.terminated?.message !== undefined)?.terminated?.message
  return eventually(`A refusal by ${component}`, message, 180)
}

/** All that the containers of a release have logged. */
export async function allLogs(scenario: Scenario): Promise<string> {
  const { namespace } = scenario.release
  const pods = await podsOf(scenario)
  const names = pods.flatMap(({ metadata }) => metadata?.name ?? [])
  const logs = await Promise.all(
    names.map((pod) => kubectl(['logs', pod, '--all-containers', '--tail=-1'], { namespace })),
  )
  return logs.join('\n')
}
