// Secrets that Jobs make in the cluster.
import { nameOf, type Rule } from 'chart-harness'
import { generatedSecrets, jobMade } from './external.ts'

/** Each generated Secret is one of the declared ones and gets no other keys than declared. */
export const generatedSecretsRule: Rule = {
  name: 'generated-secrets',
  run: (render) => {
    const secrets = generatedSecrets(render)
    const problems = secrets.flatMap(({ job, object, keys = [] }) => {
      const known = jobMade[object.split('-').at(-1) ?? '']
      const unknown = keys.filter((key) => !known?.includes(key))
      if (known && unknown.length === 0 && keys.length > 0) return []
      const what = known ? `the keys ${unknown.join(', ') || '(none)'}` : 'no known name'
      const message = `the generated ${object} has ${what}; test/rules/external.ts declares others.`
      return [{ rule: 'generated-secrets', object: nameOf(job), message }]
    })
    return { problems, visited: secrets.length }
  },
}
