-- After the dump, in the same transaction: is everything there? pg_temp.sent() has the rows of the dump,
-- pg_temp.old() those that the old server counted.
SET client_min_messages = error;
DO $check$
DECLARE
  pair record;
  found bigint;
BEGIN
  IF pg_catalog.current_setting('mastodon_chart.import') <> pg_catalog.txid_current()::text THEN
    RAISE EXCEPTION 'the dump ended the transaction of the import, so a part of it was kept; empty the database';
  END IF;
  IF pg_catalog.to_regclass('public.schema_migrations') IS NULL OR pg_catalog.to_regclass('public.accounts') IS NULL THEN
    RAISE EXCEPTION 'the dump has no tables accounts and schema_migrations, so it is not from Mastodon';
  END IF;
  FOR pair IN
    SELECT coalesce(sent.name, old.name, class.oid::pg_catalog.regclass::text) AS name, class.oid, sent.rows AS sent, old.rows AS old
    FROM (SELECT * FROM pg_catalog.pg_class c WHERE relkind = 'r' AND relpersistence <> 't'
          AND relnamespace NOT IN ('pg_catalog'::pg_catalog.regnamespace, 'information_schema'::pg_catalog.regnamespace)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE classid = 'pg_class'::pg_catalog.regclass
                          AND objid = c.oid AND deptype = 'e')) class
    FULL JOIN pg_temp.sent() sent ON pg_catalog.to_regclass(sent.name) = class.oid
    FULL JOIN (SELECT * FROM pg_temp.old() WHERE name IS NOT NULL) old ON pg_catalog.to_regclass(old.name) = class.oid
  LOOP
    IF pg_catalog.to_regclass(pair.name) IS NULL THEN
      RAISE EXCEPTION 'the table % did not arrive', pair.name;
    END IF;
    -- A table of an extension, which comes with its own rows.
    CONTINUE WHEN pair.oid IS NULL;
    IF pair.sent IS NULL THEN
      RAISE EXCEPTION 'the dump has the table % without its rows', pair.name;
    END IF;
    EXECUTE format('SELECT count(*) FROM ONLY %s', pair.oid::pg_catalog.regclass) INTO found;
    IF found <> pair.sent THEN
      RAISE EXCEPTION 'the table % has % rows, the dump has %', pair.name, found, pair.sent;
    ELSIF found <> pair.old THEN
      RAISE EXCEPTION 'the table % has % rows, the old server has %', pair.name, found, pair.old;
    END IF;
  END LOOP;
END
$check$;
DROP FUNCTION pg_temp.sent();
DROP FUNCTION pg_temp.old();
CREATE TABLE IF NOT EXISTS public.ar_internal_metadata (key character varying NOT NULL PRIMARY KEY,
  value character varying, created_at timestamp(6) NOT NULL, updated_at timestamp(6) NOT NULL);
INSERT INTO public.ar_internal_metadata
VALUES ('mastodon_chart.import', pg_catalog.concat(:'mastodon_import_source', ' at ', pg_catalog.now()), pg_catalog.now(), pg_catalog.now())
ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at;
-- The planner knows nothing of the new rows yet.
ANALYZE;
COMMIT;
