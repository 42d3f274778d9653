// NFS shares. In the lab a share is a directory of the machine. Elsewhere the user names an export and the
// folder where it is mounted, as the tests create, fill and damage what is on it.
import { chownSync, existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { find } from './kubectl.ts'

/** The environment variable that names the NFS export on a cluster that is not the lab. */
const exportVariable = 'CLUSTER_TEST_NFS'

/** A share as a volume refers to it, and the directory behind it on this machine. */
export interface Share {
  readonly server: string
  readonly path: string
  readonly folder: string
}

const postServer = '192.168.8.253'
const postFolder = '/mnt/tank/share/nfs/k8s'

/** A share of the server in values-examples/mstdnblue.yaml, or of the one that the user named. */
export async function share(name: string): Promise<Share> {
  const path = `${postFolder}/${name}`
  const lab = await labShares()
  if (lab !== undefined) return { server: postServer, path, folder: join(lab, postServer, path) }
  const [, server, root, folder] =
    /^([^:]+):(.+)=(.+)$/.exec(process.env[exportVariable] ?? '') ?? []
  if (server && root && folder) {
    return { server, path: `${root}/${name}`, folder: join(folder, name) }
  }
  throw new Error(
    `${exportVariable}: this test needs an export of an NFSv3 server with no_root_squash ` +
      `that is mounted on this machine, too. Set ${exportVariable}=<server>:<export>=<folder where it is mounted here>.`,
  )
}

/** The volume on a share, as values describe it. */
export function nfsVolume({ server, path }: Share): object {
  return { type: 'nfs', nfs: { server, path } }
}

/** Creates the share's directory again: empty, and owned by `owner`. */
export async function emptyShare(name: string, owner: number): Promise<Share> {
  const found = await share(name)
  rmSync(found.folder, { recursive: true, force: true })
  mkdirSync(found.folder, { recursive: true, mode: 0o755 })
  chownSync(found.folder, owner, owner)
  return found
}

/** Removes the share's directory. */
export async function removeShare(name: string): Promise<void> {
  rmSync((await share(name)).folder, { recursive: true, force: true })
}

/** The folder with the lab's shares, or undefined if the cluster is not the lab. */
export async function labShares(): Promise<string | undefined> {
  const folder = process.env.LAB_DIR ?? dirname(process.env.KUBECONFIG ?? '')
  if (!existsSync(join(folder, 'kubeconfig'))) return undefined
  return (await find('node', 'lab')) === undefined ? undefined : join(folder, 'nfs')
}
