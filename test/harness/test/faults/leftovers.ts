import type { Fault } from './fault.ts'

/** See `Fault`. */
export const leftoverFaults: readonly Fault[] = [
  ['template-leftover', 'ConfigMap/web', 'GREETING: "hello"', 'GREETING: "<no value>"'],
  ['template-leftover', 'ConfigMap/web', 'GREETING: "hello"', 'GREETING: "<nil>"'],
  ['template-leftover', 'ConfigMap/web', 'GREETING: "hello"', 'GREETING: "%!s(int=1)"'],
  ['template-leftover', 'ConfigMap/web', 'GREETING: "hello"', 'GREETING: "map[a:b]"'],
  ['template-leftover', 'ConfigMap/web', 'GREETING: "hello"', 'GREETING: "{{ .Values.greeting }}"'],
  ['template-leftover', 'ConfigMap/web', 'GREETING: "hello"', '"<nil>": "hello"'],
  ['field-empty', 'ConfigMap/web', 'GREETING: "hello"', 'GREETING:'],
  ['field-empty', 'Deployment/web', 'emptyDir: {}', 'emptyDir:'],
]
