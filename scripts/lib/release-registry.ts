// A place that charts are published to, and the first of two: an OCI registry. The other is release-folder.ts.
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from './cli.ts'
import { type Helm, type HelmAnswer, sha256 } from './release-package.ts'

/** The chart version that is being released, and what a target needs to publish it. */
export interface Release {
  readonly name: string
  readonly version: string
  /** The archive's file name, which is the same everywhere. */
  readonly file: string
  readonly helm: Helm
  /** An empty scratch folder that is removed afterwards. */
  readonly workDir: string
}

/** What a target already has under this version. */
export interface Found {
  /** A local copy of the archive that is there. */
  readonly archive?: string
  /** Whether users find it. An archive that no index lists is left over from a failed release. */
  readonly listed: boolean
}

/** A place that charts are published to. Nothing is written before `publish`. */
export interface Target {
  /** The place and version as messages name it. */
  readonly label: string
  find(): Promise<Found>
  publish(archive: string): Promise<void>
  /** Fetches what users get, fails unless it is this archive, and says what was compared. */
  verify(archive: string): Promise<string>
}

/** An OCI registry as a target; `base` is where the chart goes, e.g. `oci://ghcr.io/me/charts`. */
export function createRegistryTarget(base: string, plainHttp: boolean, release: Release): Target {
  const { name, version, file, helm, workDir } = release
  const label = `${base}/${name}:${version}`
  const http = plainHttp ? ['--plain-http'] : []
  const pull = async (): Promise<HelmAnswer & { readonly archive: string }> => {
    const folder = await mkdtemp(join(workDir, 'pulled-'))
    const from = [`${base}/${name}`, '--version', version, '--destination', folder]
    return { ...(await helm(['pull', ...from, ...http])), archive: join(folder, file) }
  }
  return {
    label,
    async find() {
      const { ok, reason, archive } = await pull()
      if (ok) return { archive, listed: true }
      const isAbsent = /: not found$|manifest unknown|name unknown/i.test(reason)
      return isAbsent ? { listed: false } : fail(registryProblem(base, reason))
    },
    async publish(archive) {
      const { ok, reason } = await helm(['push', archive, base, ...http])
      if (!ok) fail(registryProblem(base, reason))
    },
    async verify(archive) {
      const pulled = await pull()
      if (!pulled.ok) fail(registryProblem(base, pulled.reason))
      if ((await sha256(pulled.archive)) === (await sha256(archive)))
        return 'pulled back, same bytes'
      return fail(
        `release: ${label} is not what was pushed. Somebody published it at the same time.`,
      )
    },
  }
}

/** The sentence for an error that Helm got from a registry, or on the way to it. */
export function registryProblem(base: string, reason: string): string {
  const host = base.replace(/^oci:\/\//, '').replace(/\/.*$/, '')
  if (reason.includes('server gave HTTP response to HTTPS client'))
    return `release: ${host} uses plain HTTP. Add --plain-http if that is intended.`
  if (/\b40[13]\b|unauthorized|denied|basic credential not found/i.test(reason))
    return `release: ${host} refuses access to ${base} (${reason}). Run "helm registry login ${host}" as somebody who may push there.`
  return `release: cannot reach ${base} (${reason}). Check the address and the network.`
}
