#!/usr/bin/env bash
# Runs once, when the database's container makes its cluster: databases and roles of every service.
set -euo pipefail

mapfile -t services < <(awk -F '\t' '!/^#/ && NF { print $1 }' /deploy/services.tsv)
PGUSER=postgres PGDATABASE=postgres POSTGRES_PASSWORD_POSTGRES="$POSTGRES_PASSWORD" \
    bash /deploy/postgres/create-roles.sh "${services[@]}"
