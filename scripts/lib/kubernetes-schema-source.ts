// Gets Kubernetes' OpenAPI document out of the Go module k8s.io/kubernetes.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { $, ProcessOutput, which } from 'zx'
import { type Call, fail } from './cli.ts'
import { SWAGGER_PATH } from './kubernetes-schema-files.ts'

type Env = Call['env']

const MODULE = 'k8s.io/kubernetes'

/** The newest patch release of a minor among these versions; pre-releases do not count. */
export function newestPatch(versions: readonly string[], minor: string): string | undefined {
  const patches = versions.flatMap((version) => {
    const [, found, patch] = /^v(\d+\.\d+)\.(\d+)$/.exec(version) ?? []
    return found === minor ? [Number(patch)] : []
  })
  return patches.length > 0 ? `v${minor}.${Math.max(...patches)}` : undefined
}

/** Every version of k8s.io/kubernetes that the Go module proxy lists. */
export async function listVersions(env: Env): Promise<string[]> {
  return inPrivateCache(env, async (go) => {
    const list = await go(['list', '-m', '-versions', MODULE])
    return list.trim().split(/\s+/).slice(1)
  })
}

/** The text of the release's OpenAPI document; the module leaves the disk again. */
export async function downloadSwagger(version: string, env: Env): Promise<string> {
  return inPrivateCache(env, async (go) => {
    const answer: unknown = JSON.parse(
      await go(['mod', 'download', '-json', `${MODULE}@${version}`]),
    )
    const hasDir = typeof answer === 'object' && answer !== null && 'Dir' in answer
    if (!hasDir) throw new Error(`go mod download ${MODULE}@${version}: names no folder.`)
    return readFile(join(String(answer.Dir), SWAGGER_PATH), 'utf8')
  })
}

type Go = (args: readonly string[]) => Promise<string>

async function inPrivateCache<T>(outer: Env, use: (go: Go) => Promise<T>): Promise<T> {
  if (!(await which('go', { nothrow: true, path: outer.PATH ?? '' }))) {
    fail(
      'vendor-schemas: the program go is not on PATH. Install Go or give the document with --from.',
    )
  }
  const dir = await mkdtemp(join(tmpdir(), 'vendor-schemas-'))
  const env = {
    ...outer,
    GOMODCACHE: dir,
    GOFLAGS: `${outer.GOFLAGS ?? ''} -modcacherw`,
  }
  try {
    return await use(async (args) => (await $({ cwd: dir, env, quiet: true })`go ${args}`).stdout)
  } catch (error) {
    if (!(error instanceof ProcessOutput)) throw error
    const reason = goError(error.stdout) ?? error.stderr.trim().split('\n').at(-1) ?? error.message
    return fail(
      `vendor-schemas: ${reason}. Check the version and the connection to the Go module proxy.`,
    )
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

// `go mod download -json` reports its failure in the answer, not on stderr.
function goError(stdout: string): string | undefined {
  return /"Error": "(.*)"/.exec(stdout)?.[1]?.split('\\n')[0]
}
