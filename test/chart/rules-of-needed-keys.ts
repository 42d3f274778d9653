import type { Values } from './render.ts'
import type { RuleCase } from './rule-case.ts'

// A key without anything behind it: YAML reads null, and Helm removes the chart's default.
const blank = {
  smtp: null,
  pod: { envFrom: null },
  web: { strategy: { type: null } },
  sidekiq: { workers: null },
  postgresql: { password: null },
}

/** Rules of zz-validate/_needed.tpl. */
export const neededRules: readonly RuleCase[] = [
  {
    rule: 'a blank key that the chart needs',
    broken: blank as unknown as Values,
    lines: [
      'smtp: is empty, and the chart needs it. Write its keys or remove the line.',
      'pod.envFrom: is empty, and the chart needs it. Write [] or remove the line.',
      'web.strategy.type: is empty, and the chart needs it. Write a value or remove the line.',
      'sidekiq.workers: is empty, and the chart needs it. Write a list or remove the line.',
      'postgresql.password: is empty, and the chart needs it. Write {} or remove the line.',
    ],
    met: {
      smtp: {},
      pod: { envFrom: [] },
      web: { strategy: { type: 'Recreate' } },
      postgresql: { password: {} },
    },
  },
]
