# shellcheck shell=bash
# What every process is told through its environment. docker-compose.yml names the same variables.

# service_environment SERVICE INSTANCE: prints NAME=VALUE lines for one process of the service.
# A variable of the caller's own environment overrides a default here where the line says so.
service_environment() {
    local service="$1" instance="$2" index=0 name
    for name in "${SERVICES[@]}"; do
        [[ "$name" != "$service" ]] || break
        index=$((index + 1))
    done
    cat <<ENVIRONMENT
VOELGOED_LOG_LEVEL=${VOELGOED_LOG_LEVEL:-info}
VOELGOED_RABBITMQ_URL=$(rabbitmq_url "$service")
VOELGOED_DATABASE_URL=$(database_url "$service" "voelgoed_$service")
VOELGOED_HEALTH_PORT=$((HEALTH_PORT + 10 * index + instance))
VOELGOED_INSTANCE=$instance
ENVIRONMENT
    case "$service" in
        gateway)
            cat <<ENVIRONMENT
VOELGOED_HTTP_HOST=127.0.0.1
VOELGOED_HTTP_PORT=$((GATEWAY_PORT + instance))
VOELGOED_PLATFORM_KEY=${SECRETS[PLATFORM_KEY]}
VOELGOED_PUBLIC_URL=http://127.0.0.1:$GATEWAY_PORT
ENVIRONMENT
            ;;
        ticketing)
            cat <<ENVIRONMENT
VOELGOED_TICKET_SIGNING_SECRET=${SECRETS[TICKET_SIGNING_SECRET]}
VOELGOED_INVENTORY_PARTITIONS=${VOELGOED_INVENTORY_PARTITIONS:-10}
ENVIRONMENT
            ;;
        payments)
            printf 'VOELGOED_SANDBOX_DATABASE_URL=%s\n' "$(database_url sandbox_provider voelgoed_sandbox_provider)"
            ;;
        notifications)
            cat <<ENVIRONMENT
VOELGOED_SMTP_URL=${VOELGOED_SMTP_URL:-smtp://127.0.0.1:$SMTP_PORT}
VOELGOED_MAIL_FROM=${VOELGOED_MAIL_FROM:-tickets@voelgoed.example}
VOELGOED_PUBLIC_URL=http://127.0.0.1:$GATEWAY_PORT
VOELGOED_WEBHOOK_ALLOW_LOOPBACK=${VOELGOED_WEBHOOK_ALLOW_LOOPBACK:-true}
ENVIRONMENT
            ;;
        coordinator)
            printf 'VOELGOED_HOLD_SECONDS=%s\n' "${VOELGOED_HOLD_SECONDS:-900}"
            ;;
    esac
}

# owner_environment SERVICE: prints what `<Executable> migrate` needs beside the service's own environment.
owner_environment() {
    printf 'VOELGOED_DATABASE_OWNER_URL=%s\n' "$(database_url "$1_owner" "voelgoed_$1")"
    [[ "$1" != payments ]] || printf 'VOELGOED_SANDBOX_DATABASE_OWNER_URL=%s\n' \
        "$(database_url sandbox_provider_owner voelgoed_sandbox_provider)"
}

# write_operator_environment: what the operator's tool needs, in operator.env, readable by its owner only.
write_operator_environment() {
    local file="$STATE_FOLDER/operator.env" service
    (
        umask 077
        {
            printf '# What deploy/voelgoed gives the operator'\''s tool. Written by deploy/up.\n'
            printf 'VOELGOED_GATEWAY_URL=http://127.0.0.1:%d\n' "$GATEWAY_PORT"
            printf 'VOELGOED_PLATFORM_KEY=%s\n' "${SECRETS[PLATFORM_KEY]}"
            printf 'VOELGOED_CREDENTIALS=%s\n' "$CREDENTIALS_FILE"
            printf 'VOELGOED_PLAN=%s\n' "$PLAN_FILE"
            printf 'VOELGOED_RABBITMQ_URL=%s\n' "$(rabbitmq_url operator)"
            printf 'VOELGOED_RABBITMQ_MANAGEMENT_URL=%s\n' "$(rabbitmq_management_url)"
            for service in "${SERVICES[@]}" sandbox_provider; do
                printf 'VOELGOED_%s_DATABASE_URL=%s\n' "${service^^}" \
                    "$(database_url voelgoed_operator "voelgoed_$service")"
                printf 'VOELGOED_%s_DATABASE_OWNER_URL=%s\n' "${service^^}" \
                    "$(database_url "${service}_owner" "voelgoed_$service")"
            done
        } >"$file.new"
    )
    mv "$file.new" "$file"
}
