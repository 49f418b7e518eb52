#!/usr/bin/env bash
# Starts the broker in its container: writes the definitions from the table of users, then becomes the server.
set -euo pipefail

# The image's entry point makes the folder the server's own and drops root before the server starts.
bash /deploy/rabbitmq/definitions.sh /deploy/rabbitmq/users.tsv >/var/lib/rabbitmq/voelgoed-definitions.json
chmod 644 /var/lib/rabbitmq/voelgoed-definitions.json
exec docker-entrypoint.sh rabbitmq-server
