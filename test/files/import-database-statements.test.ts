// What the import leaves out of a dump, and what it passes on.
import { describe, expect, test } from 'vitest'
import { awks, dumpWith, leftOf, translate } from './awk.ts'

const leftOut: readonly (readonly [reason: string, ...statements: string[]])[] = [
  [
    'privileges',
    'GRANT ALL ON TABLE public.accounts TO mastodon;',
    'REVOKE USAGE ON SCHEMA public FROM PUBLIC;',
    'ALTER DEFAULT PRIVILEGES FOR ROLE mastodon GRANT SELECT ON TABLES TO reader;',
    "SECURITY LABEL FOR anon ON COLUMN public.users.email IS 'MASKED';",
  ],
  [
    'owners',
    'ALTER TABLE public.accounts OWNER TO mastodon;',
    'ALTER FUNCTION public.timestamp_id(table_name text) OWNER TO "the owner";',
    "SET SESSION AUTHORIZATION 'mastodon';",
    'RESET SESSION AUTHORIZATION;',
  ],
  [
    'comments on what belongs to the server',
    "COMMENT ON EXTENSION pg_trgm IS 'text similarity; index searching';",
    "COMMENT ON SCHEMA public IS 'standard public schema';",
    "COMMENT ON DATABASE mastodon IS 'toots';",
  ],
  [
    'extensions of the server',
    'CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;',
    'CREATE EXTENSION IF NOT EXISTS pg_stat_statements WITH SCHEMA public;',
    'CREATE OR REPLACE PROCEDURAL LANGUAGE plpgsql;',
  ],
  ['the schema public', 'CREATE SCHEMA public;', 'CREATE SCHEMA IF NOT EXISTS "public";'],
  [
    'the old database itself',
    "CREATE DATABASE mastodon WITH TEMPLATE = template0 ENCODING = 'UTF8';",
    'ALTER DATABASE mastodon SET statement_timeout TO 5;',
    'DROP DATABASE mastodon;',
  ],
  [
    'replication and event triggers',
    'CREATE PUBLICATION everything FOR ALL TABLES;',
    'ALTER SUBSCRIPTION copies ENABLE;',
    'CREATE EVENT TRIGGER watch ON ddl_command_end EXECUTE FUNCTION public.watch();',
  ],
  [
    'what --clean would drop',
    'DROP TABLE IF EXISTS public.accounts;',
    'ALTER TABLE IF EXISTS ONLY public.users DROP CONSTRAINT fk_1;',
    'ALTER TABLE public.users ALTER COLUMN id DROP DEFAULT;',
  ],
  ['statistics', "SELECT * FROM pg_catalog.pg_restore_relation_stats('version', 180000);"],
  ['transactions', 'BEGIN;', 'COMMIT;', 'ROLLBACK;', 'START TRANSACTION;'],
  ['tablespaces', 'SET default_tablespace = fast;'],
  ['settings that the target does not know', 'SET transaction_timeout = 0;'],
]

const kept: readonly (readonly [what: string, ...lines: string[]])[] = [
  ['an extension of Mastodon', 'CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;'],
  ['another schema', 'CREATE SCHEMA public_archive;'],
  ['the owner of a sequence', 'ALTER SEQUENCE public.a_id_seq OWNED BY public.a.id;'],
  ['a comment on a table', "COMMENT ON TABLE public.accounts IS 'people';"],
  ['a setting that the target knows', "SET client_encoding = 'UTF8';"],
  ['no tablespace', "SET default_tablespace = '';"],
  ['a sequence', "SELECT pg_catalog.setval('public.accounts_id_seq', 12, true);"],
  ['a table', 'CREATE TABLE public.a (', '    id bigint NOT NULL,', '    grant_type text', ');'],
  ['a name with a semicolon', 'CREATE TABLE public."a;b" (id bigint);'],
  [
    'a text of many lines that look like statements',
    "COMMENT ON TABLE public.a IS 'one",
    'GRANT ALL ON TABLE public.a TO mastodon;',
    '\\restrict x',
    '-- no comment',
    "isn''t it';",
  ],
  ['a backslash in a plain text', "ALTER TABLE public.a ALTER b SET DEFAULT 'c:\\';"],
  ['an escaped quote', "ALTER TABLE public.a ALTER b SET DEFAULT E'it\\'s; ''this''\\\\';"],
  [
    'a function that has statements in its body',
    'CREATE FUNCTION public.f() RETURNS void LANGUAGE plpgsql AS $$',
    'BEGIN',
    "  -- isn't one",
    '  GRANT ALL ON TABLE public.a TO mastodon;',
    'END',
    '$$;',
  ],
  [
    'a body in a named dollar quote that holds another',
    'CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS $_$',
    'SELECT $$;',
    '$$ || $1;',
    '$_$;',
  ],
  [
    'a function in standard SQL, with its END',
    'CREATE FUNCTION public.f() RETURNS integer LANGUAGE sql',
    'BEGIN ATOMIC',
    ' SELECT 1;',
    'END;',
  ],
]

describe.each(awks)('with $name', (awk) => {
  test.each(leftOut)('%s are left out', (reason, ...statements) => {
    const { sql, log } = translate(awk, dumpWith(...statements))
    expect(`${sql}`).toBe(`${translate(awk, dumpWith()).sql}`)
    expect(log).toContain(`Left out: ${reason} (${statements.length}).\n`)
  })

  test.each(kept)('%s is passed on as it is', (_, ...lines) => {
    expect(leftOf(awk, ...lines)).toBe(`${lines.join('\n')}\n`)
  })

  test('what follows a function in standard SQL is looked at again', () => {
    const atomic = 'CREATE FUNCTION public.f() RETURNS integer\nBEGIN ATOMIC\n SELECT 1;\nEND;\n'
    expect(leftOf(awk, ...atomic.trimEnd().split('\n'), 'COMMIT;')).toBe(atomic)
  })

  test('a statement of many lines is left out whole', () => {
    expect(leftOf(awk, 'GRANT ALL', 'ON TABLE public.a', 'TO mastodon;')).toBe('')
  })

  test('a statement after another in a line is looked at', () => {
    expect(leftOf(awk, "SET client_encoding = 'UTF8'; GRANT a TO b;")).toBe(
      "SET client_encoding = 'UTF8';\n",
    )
  })

  test('commands that restrict psql or connect elsewhere are left out', () => {
    expect(leftOf(awk, '\\restrict Xy1', '\\connect mastodon', '\\unrestrict Xy1')).toBe('')
  })

  test('comments of the dump are left out', () => {
    expect(
      leftOf(awk, '-- Name: a; Type: TABLE', '', 'CREATE TABLE public.a ( -- of a', ');'),
    ).toBe('CREATE TABLE public.a ( \n);\n')
  })

  test('a comment in a statement does not end it', () => {
    expect(leftOf(awk, "CREATE TABLE public.a /* ; isn't */ (id bigint);")).toBe(
      "CREATE TABLE public.a /* ; isn't */ (id bigint);\n",
    )
  })
})
