# shellcheck shell=bash
# Passwords and keys: random per installation, in secrets.env, readable by its owner only.

declare -A SECRETS=()

# load_secrets NAME...: reads secrets.env and adds the names that are not in it yet.
load_secrets() {
    local name value
    if [[ ! -f "$SECRETS_FILE" ]]; then
        (
            umask 077
            printf '# Secrets of this installation. Made once; deploy/down --erase removes them.\n' >"$SECRETS_FILE"
        )
    fi
    chmod 600 "$SECRETS_FILE"
    while IFS='=' read -r name value; do
        [[ -z "$name" || "$name" == \#* ]] || SECRETS["$name"]="$value"
    done <"$SECRETS_FILE"
    for name in "$@"; do
        [[ -z "${SECRETS[$name]:-}" ]] || continue
        value="$(openssl rand -hex 24)"
        # People meet this key in files and scripts: the prefix says what it is.
        [[ "$name" == PLATFORM_KEY ]] && value="vge_platform_$value"
        [[ "$name" == TICKET_SIGNING_SECRET ]] && value="$(openssl rand -hex 32)"
        SECRETS["$name"]="$value"
        printf '%s=%s\n' "$name" "$value" >>"$SECRETS_FILE"
    done
}

# secret_names: every secret an installation has.
secret_names() {
    local service
    printf '%s\n' PLATFORM_KEY TICKET_SIGNING_SECRET ERLANG_COOKIE \
        POSTGRES_PASSWORD_POSTGRES POSTGRES_PASSWORD_VOELGOED_OPERATOR \
        POSTGRES_PASSWORD_SANDBOX_PROVIDER POSTGRES_PASSWORD_SANDBOX_PROVIDER_OWNER RABBITMQ_PASSWORD_OPERATOR
    for service in "${SERVICES[@]}"; do
        printf '%s\n' "POSTGRES_PASSWORD_${service^^}" "POSTGRES_PASSWORD_${service^^}_OWNER" \
            "RABBITMQ_PASSWORD_${service^^}"
    done
}
