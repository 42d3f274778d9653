// Reads files of Go modules through the Go module proxy; nothing stays on the disk.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRecord } from '../objects/manifests.ts'
import { type Environment, runCommand } from './run-command.ts'
import { ToolError } from './tool-pins.ts'

/** One version of a Go module. */
export interface GoModule {
  readonly module: string
  readonly version: string
}

/** The versions of a module that the proxy lists. */
export async function listVersions(module: string, env: Environment): Promise<string[]> {
  const list = await inPrivateCache(env, (go) => go(['list', '-m', '-versions', module]))
  return list.trim().split(/\s+/)
}

/** The texts of some files of a module, by path, and the checksum by which Go knows the module. */
export function readModule(
  { module, version }: GoModule,
  paths: readonly string[],
  env: Environment,
): Promise<{ readonly sum: string; readonly texts: ReadonlyMap<string, string> }> {
  return inPrivateCache(env, async (go) => {
    const answer: unknown = JSON.parse(
      await go(['mod', 'download', '-json', `${module}@${version}`]),
    )
    if (!isRecord(answer) || !answer.Dir)
      throw new Error(`go mod download ${module}@${version} names no folder`)
    const dir = String(answer.Dir)
    const texts = paths.map((path) => {
      if (existsSync(join(dir, path))) return [path, readFileSync(join(dir, path), 'utf8')] as const
      throw new ToolError(
        `${module}@${version} has no file ${path}. Correct the path or the version.`,
      )
    })
    return { sum: String(answer.Sum), texts: new Map(texts) }
  })
}

type Go = (args: readonly string[]) => Promise<string>

async function inPrivateCache<T>(outer: Environment, use: (go: Go) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'go-module-'))
  const env = { ...outer, GOMODCACHE: dir, GOFLAGS: `${outer.GOFLAGS ?? ''} -modcacherw` }
  try {
    return await use(async (args) => {
      const { code, stdout, stderr } = await runCommand('go', args, { cwd: dir, env })
      if (code === 0) return stdout
      const reason = goError(stdout) ?? stderr.trim().split('\n').at(-1)
      throw new ToolError(`${reason}. Check the version and the connection to the Go module proxy.`)
    })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    throw new ToolError('the program go is not on PATH. Install Go or give the document.')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

// `go mod download -json` reports its failure in the answer, not on standard error.
function goError(stdout: string): string | undefined {
  return /"Error": "(.*)"/.exec(stdout)?.[1]?.split('\\n')[0]
}
