// Imports go one way, scripts → test/rules → test/harness: Biome refuses the others.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand } from 'chart-harness'
import { expect, test } from 'vitest'
import { root } from '../rules/project.ts'
import { scratchFolder } from './fixtures/scratch.ts'

const wrong = {
  'scripts/lib/suite.ts': '../../test/chart/render.ts',
  'test/chart/script.test.ts': '../../scripts/lib/cli.ts',
  'test/cluster/lib/script.ts': '../../../scripts/lib/cli.ts',
  'test/harness/src/render/rules.ts': '../../../rules/project.ts',
  'test/harness/test/script.test.ts': '../../../scripts/lib/cli.ts',
  'test/rules/script.ts': '../../scripts/lib/cli.ts',
  'test/rules/suite.ts': '../chart/render.ts',
}

const right = {
  'scripts/rules.ts': '../test/rules/project.ts',
  'test/chart/rules.test.ts': '../rules/project.ts',
  'test/harness/src/render/own.ts': '../checks/rules.ts',
  'test/rules/harness.ts': 'chart-harness',
  'test/rules/own.ts': './project.ts',
  'test/scripts/script.test.ts': '../../scripts/lib/cli.ts',
}

const dir = scratchFolder()

test('every wrong import is refused, and no other', async () => {
  for (const [file, source] of Object.entries({ ...wrong, ...right })) {
    mkdirSync(join(dir, dirname(file)), { recursive: true })
    writeFileSync(join(dir, file), `import { a } from '${source}'\n\nconsole.log(a)\n`)
  }
  copyFileSync(join(root, 'biome.json'), join(dir, 'biome.json'))
  const args = ['lint', '--vcs-enabled=false', '--reporter=github', '.']
  const { stdout } = await runCommand(join(root, 'node_modules/.bin/biome'), args, { cwd: dir })
  const refused = stdout.matchAll(/title=lint\/style\/noRestrictedImports,file=([^,]+)/g)
  const files = [...refused].map(([, file = '']) => file.replace(`${dir}/`, ''))
  expect(files.sort()).toEqual(Object.keys(wrong))
})
