import { apply } from './kubectl.ts'

/** Puts a migration into a ConfigMap of the namespace, in place of an earlier one of that version. */
export async function migration(namespace: string, version: string, body: string): Promise<void> {
  const text = `class AddedByTest${version} < ActiveRecord::Migration[7.2]\n${body}\nend\n`
  const metadata = { name: `migration-${version}` }
  const data = { 'migration.rb': text }
  await apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }], namespace)
}

/** Values of the Job `migrate` that add the migration to those of the image. */
export function withMigration(version: string, generation = 0): object {
  const file = `/opt/mastodon/db/migrate/${version}_added_by_test_${version}.rb`
  return {
    generation,
    volumes: [{ name: 'migration', configMap: { name: `migration-${version}` } }],
    volumeMounts: [{ name: 'migration', mountPath: file, subPath: 'migration.rb', readOnly: true }],
  }
}
