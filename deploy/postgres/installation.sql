-- What exists once per server: the superuser's password and the operator's role.
-- The operator's tool reads every database (fsck, doctor) and writes none, but for what the Coordinator's migrations grant:
-- that an incident is resolved.

\getenv superuser_password POSTGRES_PASSWORD_POSTGRES
\getenv operator_password POSTGRES_PASSWORD_VOELGOED_OPERATOR

SET client_min_messages = warning;

ALTER ROLE postgres PASSWORD :'superuser_password';

SELECT 'CREATE ROLE voelgoed_operator'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'voelgoed_operator') \gexec
ALTER ROLE voelgoed_operator LOGIN BYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'operator_password';
GRANT pg_read_all_data, pg_monitor TO voelgoed_operator;
ALTER ROLE voelgoed_operator SET default_transaction_read_only = on;
