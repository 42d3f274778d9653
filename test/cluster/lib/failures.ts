// After a failed test: what the cluster says about it, as the namespace will be gone.
import { readFileSync } from 'node:fs'
import { beforeEach } from 'vitest'
import { tryKubectl } from './kubectl.ts'
import { namespacesFile } from './run.ts'

beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => {
    const namespace = readFileSync(namespacesFile(), 'utf8').trim().split('\n').at(-1)
    for (const command of [
      'get pods,jobs --output wide',
      'get events --sort-by .metadata.creationTimestamp',
      'logs --selector app.kubernetes.io/name=mastodon --all-containers --prefix --tail 5',
    ]) {
      const { stdout, stderr } = await tryKubectl(command.split(' '), { namespace })
      console.error(`kubectl ${command}\n${stdout.split('\n').slice(-60).join('\n')}${stderr}`)
    }
  })
})
