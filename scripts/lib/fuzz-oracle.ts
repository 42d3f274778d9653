// What must hold for whatever values our chart takes.
import { createSchemaChecker, type Oracle } from 'chart-harness'
import { externalsOfUser } from '../../test/rules/external.ts'
import { userRules } from '../../test/rules/rules.ts'
import { schemaDir } from './check-options.ts'

/** The oldest and the newest Kubernetes; references, names, Pod Security and our rules. */
export const oracle: Oracle = {
  schemas: { check: createSchemaChecker(schemaDir), minors: ['1.30', '1.37'] },
  externals: externalsOfUser,
  restricted: true,
  rules: userRules,
}
