// The registry: every fact that holds for every render. `npm start` and the tests take it from here.
import {
  checkLeftovers,
  checkNames,
  checkPodSecurity,
  checkReferences,
  collectReferences,
  nameOf,
  type Problem,
  type Render,
  type Rule,
} from 'chart-harness'
import { environmentRules, strictEnvironmentRules } from './environment.ts'
import { externalsOfExample, externalsOfUser, generatedSecretsRule } from './external.ts'
import { fieldRules } from './fields.ts'
import { labelRules, ownObjects } from './labels.ts'
import { podRules, strictPodRules } from './pods.ts'
import { storageRules } from './storage.ts'

const names = whole('names-legal', ({ objects }) => objects.length, checkNames)

const leftovers = whole('no-leftovers', ({ objects }) => objects.length, checkLeftovers)

const podSecurity = whole(
  'pod-security-restricted',
  (render) => render.containers().length,
  checkPodSecurity,
)

/** For this repository's examples: everything, with the declared outside inputs. */
export const exampleRules: readonly Rule[] = [
  names,
  leftovers,
  podSecurity,
  references((render) => checkReferences(render, { external: externalsOfExample(render) })),
  generatedSecretsRule,
  ...labelRules,
  ...environmentRules,
  ...strictEnvironmentRules,
  ...podRules,
  ...strictPodRules,
  ...storageRules,
  ...fieldRules,
]

/** For a user's own values: what they refer to is assumed to exist, and what they may intend is allowed. */
export const userRules: readonly Rule[] = [
  names,
  references((render) => ofUser(render).chart),
  ...labelRules,
  ...environmentRules,
  ...podRules,
  ...storageRules,
  ...fieldRules,
]

/** What a user may intend, but should know about. */
export const userAdvice: readonly Rule[] = [
  leftovers,
  podSecurity,
  references((render) => ofUser(render).extra, 'extra-references'),
  ...strictPodRules,
]

/** Where references of the chart's objects and of `extraObjects` lead nowhere; the latter may mean other releases. */
function ofUser(render: Render): Readonly<Record<'chart' | 'extra', readonly Problem[]>> {
  const problems = checkReferences(render, { external: externalsOfUser(render) })
  const own = new Set(ownObjects(render.objects).map(nameOf))
  return {
    chart: problems.filter(({ object }) => own.has(object)),
    extra: problems.filter(({ object }) => !own.has(object)),
  }
}

function references(
  check: (render: Render) => readonly Problem[],
  name = 'references-closed',
): Rule {
  return whole(name, (render) => collectReferences(render).length, check)
}

function whole(
  name: string,
  count: (render: Render) => number,
  check: (render: Render) => readonly Problem[],
): Rule {
  return { name, run: (render) => ({ problems: check(render), visited: count(render) }) }
}
