// What the outside linters say against our renders and we leave as it is, each with its reason. Everything else
// that they find is a failure; an exception that no longer occurs is one, too.

/** A finding that stays: the linter, its check, the objects by the start of `Kind/name`, and why. */
export interface LinterException {
  readonly linter: 'kube-score' | 'checkov'
  readonly check: string
  /** Matches `<values>:<Kind>/<name>`; without it the exception holds everywhere. */
  readonly where?: RegExp
  readonly reason: string
}

const UID = 'the upstream images run as 991 and 999, and files of existing instances belong to them'
const PULL =
  'images have exact tags, so what is pulled once stays right and nodes start without the registry'

/** The findings that stay. */
export const linterExceptions: readonly LinterException[] = [
  { linter: 'kube-score', check: 'container-security-context-user-group-id', reason: UID },
  { linter: 'checkov', check: 'CKV_K8S_40', reason: UID },
  { linter: 'kube-score', check: 'container-image-pull-policy', reason: PULL },
  { linter: 'checkov', check: 'CKV_K8S_15', reason: PULL },
  {
    linter: 'checkov',
    check: 'CKV_K8S_11',
    reason:
      'a CPU limit throttles Ruby and PostgreSQL while the node idles; requests share the CPU fairly',
  },
  {
    linter: 'checkov',
    check: 'CKV_K8S_43',
    reason: 'every image block takes a digest; the default is an exact tag that people can read',
  },
  {
    linter: 'checkov',
    check: 'CKV_K8S_35',
    reason: 'Mastodon reads its secrets from the environment only',
  },
  {
    linter: 'checkov',
    check: 'CKV_K8S_38',
    where: /Job\/.*-(migrate|post-migrate|secrets|admin)/,
    reason: 'these Jobs use the API; their Roles name what they may do',
  },
  {
    linter: 'checkov',
    check: 'CKV_K8S_8',
    where: /Pod\/.*-test$/,
    reason: 'the pod of `helm test` ends by itself',
  },
  {
    linter: 'checkov',
    check: 'CKV_K8S_9',
    where: /Pod\/.*-test$/,
    reason: 'the pod of `helm test` takes no requests',
  },
  {
    linter: 'kube-score',
    check: 'deployment-replicas',
    where: /Deployment\/.*(web|streaming)/,
    reason: 'a small instance runs one pod of each; the examples for several nodes run two',
  },
  {
    linter: 'kube-score',
    check: 'deployment-strategy',
    where: /^mstdnblue:/,
    reason: "the post's strategy is Recreate",
  },
]
