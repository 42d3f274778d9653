import type { Pod } from 'kubernetes-types/core/v1.d.ts'
import { kubectl, list } from './kubectl.ts'
import type { Scenario } from './scenario.ts'
import { eventually } from './wait.ts'

/** The pods of a component, for example "web". */
export function podsOf({ release }: Scenario, component: string): Promise<readonly Pod[]> {
  const { name, namespace } = release
  const selector = `app.kubernetes.io/instance=${name},app.kubernetes.io/component=${component}`
  return list<Pod>('pods', { namespace, selector })
}

/** The last sentences of a component's containers: their termination messages. */
export async function lastWords(scenario: Scenario, component: string): Promise<string[]> {
  const pods = await podsOf(scenario, component)
  return pods
    .flatMap(({ status }) => [
      ...(status?.initContainerStatuses ?? []),
      ...(status?.containerStatuses ?? []),
    ])
    .flatMap(({ state, lastState }) => [state?.terminated?.message, lastState?.terminated?.message])
    .flatMap((message) => (message === undefined ? [] : [message]))
}

/** Waits until a container of the component has ended with a message, and returns that. */
export function refusal(scenario: Scenario, component: string): Promise<string> {
  const words = async () => (await lastWords(scenario, component)).at(0)
  return eventually(`A refusal by ${component}`, words, 180)
}

/** All that the containers of a release have logged. */
export async function allLogs({ release }: Scenario): Promise<string> {
  const { namespace, name } = release
  const selector = `app.kubernetes.io/instance=${name}`
  const pods = await list<Pod>('pods', { namespace, selector })
  const names = pods.flatMap(({ metadata }) => metadata?.name ?? [])
  const logs = await Promise.all(
    names.map((pod) => kubectl(['logs', pod, '--all-containers', '--tail=-1'], { namespace })),
  )
  return logs.join('\n')
}
