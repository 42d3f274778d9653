// What must hold for whatever values our chart takes.
import { createSchemaChecker, type Oracle } from 'chart-harness'
import { externalsOfUser } from '../../test/rules/external.ts'
import { userRules } from '../../test/rules/rules.ts'
import { schemaDir } from './check-options.ts'

// What a user writes into a place of Kubernetes' own is theirs: the chart hands it on.
const usersOwn: readonly RegExp[] = [
  /\b(scratch|prepare|helper)\b/, // the volumes and containers of fuzz-samples.ts
  /has no port (3000|http)\b|must not name a host|selects no pod in its namespace: a=b/,
  /stopSignal|supplementalGroupsPolicy|recursiveReadOnly/, // not in the oldest Kubernetes
  /is empty; a value that is not set must render no key/, // a variable that the user set to nothing
]
// Null takes away a default that "restricted" needs; so does a root user.
const lessSecure =
  /"(\w*[sS]ecurityContext|capabilities|drop|seccompProfile|runAs\w+|allowPrivilegeEscalation)":null/

/** The oldest and the newest Kubernetes; references, names, Pod Security and our rules. */
export const oracle: Oracle = {
  schemas: { check: createSchemaChecker(schemaDir), minors: ['1.30', '1.37'] },
  externals: externalsOfUser,
  restricted: true,
  rules: userRules,
  allows: ({ rule, path = '', message }, values) =>
    rule === 'streaming-without-rails-secrets' || // by an envFrom of the user's
    usersOwn.some((own) => own.test(`${path} ${message}`)) ||
    (rule === 'pod-security' && lessSecure.test(JSON.stringify(values))),
}
