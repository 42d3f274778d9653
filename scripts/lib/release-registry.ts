// Publishing to an OCI registry.
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { fail } from './cli.ts'
import { type HelmAnswer, sha256 } from './release-helm.ts'
import type { Release, Target } from './release-target.ts'

/** An OCI registry as a target; `base` is where the chart goes, e.g. `oci://ghcr.io/me/charts`. */
export function createRegistryTarget(base: string, plainHttp: boolean, release: Release): Target {
  const label = `${base}/${release.name}:${release.version}`
  const http = plainHttp ? ['--plain-http'] : []
  const pull = async (): Promise<HelmAnswer & { archive: string }> => {
    const folder = await mkdtemp(join(release.workDir, 'pulled-'))
    const from = [`${base}/${release.name}`, '--version', release.version, '--destination', folder]
    return {
      ...(await release.helm(['pull', ...from, ...http])),
      archive: join(folder, release.file),
    }
  }
  return {
    label,
    async find() {
      const answer = await pull()
      if (answer.ok) return { archive: answer.archive, listed: true }
      if (!isAbsent(answer.reason)) fail(registryProblem(base, answer.reason))
      return { listed: false }
    },
    async publish(archive) {
      const answer = await release.helm(['push', archive, base, ...http])
      if (!answer.ok) fail(registryProblem(base, answer.reason))
    },
    async verify(archive) {
      const answer = await pull()
      if (!answer.ok) fail(registryProblem(base, answer.reason))
      if ((await sha256(answer.archive)) === (await sha256(archive)))
        return 'pulled back, same bytes'
      return fail(
        `release: ${label} is not what was pushed. Somebody published it at the same time.`,
      )
    },
  }
}

/** What is wrong with the argument of `--to`, in one sentence; undefined when it is fine. */
export function registryAddressProblem(base: string): string | undefined {
  if (/^oci:\/\/[\w.-]+(:\d+)?(\/[a-z0-9][a-z0-9._-]*)+$/.test(base)) return undefined
  return `--to ${base}: not a registry folder. Write oci://HOST/FOLDER, in small letters and without a tag.`
}

function isAbsent(reason: string): boolean {
  return /: not found$|manifest unknown|name unknown/i.test(reason)
}

/** The sentence for an error of Helm's that came from, or on the way to, a registry. */
export function registryProblem(base: string, reason: string): string {
  const host = base.replace(/^oci:\/\//, '').replace(/\/.*$/, '')
  if (reason.includes('server gave HTTP response to HTTPS client')) {
    return `release: ${host} speaks plain HTTP. Add --plain-http if that is meant.`
  }
  if (/\b40[13]\b|unauthorized|denied|basic credential not found/i.test(reason)) {
    return `release: ${host} refuses access to ${base} (${reason}). Run "helm registry login ${host}" as somebody who may push there.`
  }
  return `release: cannot reach ${base} (${reason}). Check the address and the network.`
}
