-- One service's database and roles. Variables: service, owner_password, runtime_password. Idempotent.
--
--   <service>_owner   owns the database and its tables; used by migrations only
--   <service>         the running service; sees every tenant, for batches over many
--   <service>_tenant  what the service becomes (SET LOCAL ROLE) to read on behalf of one tenant: row-level security
--                     applies to it, and it can do nothing else
--
-- A role may connect to its own service's database and to no other.

SET client_min_messages = warning;

SELECT :'service' || '_owner' AS owner, :'service' || '_tenant' AS tenant, 'voelgoed_' || :'service' AS database \gset

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY[:'owner', :'service', :'tenant']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE :"service" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS PASSWORD :'runtime_password';
ALTER ROLE :"tenant" NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
GRANT :"tenant" TO :"service";

SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'owner')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec

REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"owner", :"service", voelgoed_operator;

\connect :database
SET client_min_messages = warning;

-- Migrations REVOKE where a table is append-only or not a tenant's to see.
GRANT USAGE ON SCHEMA public TO :"service", :"tenant";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"service", :"tenant";
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public
    GRANT USAGE ON SEQUENCES TO :"service", :"tenant";

\connect postgres
