-- The application's role and database; the password is applied at every start, as PostgreSQL reads
-- POSTGRES_PASSWORD only when it initialises a directory.
\getenv role APP_USER
\getenv database APP_DATABASE
\getenv password APP_PASSWORD
\getenv superuser_password SUPERUSER_PASSWORD
SET password_encryption = 'scram-sha-256';
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
ALTER ROLE postgres PASSWORD :'superuser_password';
SELECT format('CREATE ROLE %I', :'role') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C.UTF-8''', :'database', :'role')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
