#!/usr/bin/env bash
# create-roles.sh SERVICE...
#
# Creates the databases and roles of the services, of the payment sandbox's own book and of the operator's tool.
# Connects as a superuser as libpq's PG* variables say. Passwords come from POSTGRES_PASSWORD_<ROLE>, or, where one is
# not set, from POSTGRES_PASSWORD_DEFAULT. Running it again changes nothing but the passwords.
# Used by deploy/up, by deploy/test, and inside the database's container.
set -euo pipefail

folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"

# need_password ROLE: exports the role's password, which roles.sql reads from the environment.
need_password() {
    local name="POSTGRES_PASSWORD_${1^^}"
    export "$name=${!name:-${POSTGRES_PASSWORD_DEFAULT:?set $name or POSTGRES_PASSWORD_DEFAULT}}"
}

need_password voelgoed_operator
need_password postgres
commands=(--command='\set ON_ERROR_STOP on' --file="$folder/installation.sql")
for service in "$@" sandbox_provider; do
    need_password "$service"
    need_password "${service}_owner"
    commands+=(
        --command="\\set service $service"
        --command="\\getenv owner_password POSTGRES_PASSWORD_${service^^}_OWNER"
        --command="\\getenv runtime_password POSTGRES_PASSWORD_${service^^}"
        --file="$folder/roles.sql"
    )
done
exec psql --no-psqlrc --quiet --no-password --set=ON_ERROR_STOP=1 "${commands[@]}"
