import { expect, test } from 'vitest'
import { parseYaml } from '../src/yaml.ts'

test('yes is a boolean, 0644 an octal number and 1:30 a string', () => {
  expect(parseYaml('{a: yes, b: 0644, c: 1:30}')).toEqual({ a: true, b: 420, c: '1:30' })
})
