-- Before the dump. What is locked here is locked until COMMIT or the end of the connection.
BEGIN;
SET client_min_messages = warning;
SELECT pg_catalog.set_config('mastodon_chart.import', pg_catalog.txid_current()::text, false);
SELECT pg_catalog.pg_advisory_xact_lock(4774451407313060419);
DO $empty$
BEGIN
  IF EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
             AND tablename <> 'ar_internal_metadata') THEN
    RAISE EXCEPTION 'the database was filled by somebody else at the same time';
  END IF;
END
$empty$;
-- Left over from a preparation that broke off; the dump has its own.
DROP TABLE IF EXISTS public.ar_internal_metadata;
