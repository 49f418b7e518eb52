# shellcheck shell=bash
# The block of 200 loopback ports of an installation, chosen at its first start and kept in ports.env.
#
#   +25, +26 SMTP sinks (the second for measurements)    +32 PostgreSQL    +69 epmd    +72 AMQP
#   +73 RabbitMQ management    +74 RabbitMQ metrics    +75 RabbitMQ distribution
#   +80..89 gateway, one per instance    +100..169 health, ten per service
#   +172..175, +182..185 the second and third node of a RabbitMQ cluster     +190..193 fault proxies (database, nodes)

PORT_BLOCK_SIZE=200
# The ephemeral range begins at 32768; a port in it may be taken by an outgoing connection.
HIGHEST_PORT=32767

# listening_ports: every TCP port on which anyone on this machine listens, one a line.
listening_ports() {
    local files=(/proc/net/tcp)
    [[ -r /proc/net/tcp6 ]] && files+=(/proc/net/tcp6)
    local hexadecimal
    awk '$4 == "0A" { sub(/.*:/, "", $2); print $2 }' "${files[@]}" | sort --unique | while read -r hexadecimal; do
        printf '%d\n' "0x$hexadecimal"
    done
}

# port_block_is_free BASE: whether nobody listens on a port of the block.
port_block_is_free() {
    ! listening_ports | awk -v base="$1" -v size="$PORT_BLOCK_SIZE" \
        '$1 >= base && $1 < base + size { found = 1 } END { exit !found }'
}

# load_ports: reads ports.env, if there is one.
load_ports() {
    BASE_PORT=""
    # shellcheck source=/dev/null
    [[ -f "$PORTS_FILE" ]] && source "$PORTS_FILE"
    [[ -n "$BASE_PORT" ]] || return 1
    SMTP_PORT=$((BASE_PORT + 25))
    POSTGRES_PORT=$((BASE_PORT + 32))
    EPMD_PORT=$((BASE_PORT + 69))
    AMQP_PORT=$((BASE_PORT + 72))
    RABBITMQ_MANAGEMENT_PORT=$((BASE_PORT + 73))
    RABBITMQ_METRICS_PORT=$((BASE_PORT + 74))
    RABBITMQ_DISTRIBUTION_PORT=$((BASE_PORT + 75))
    GATEWAY_PORT=$((BASE_PORT + 80))
    HEALTH_PORT=$((BASE_PORT + 100))
    PROXY_PORT=$((BASE_PORT + 190))
}

# choose_ports FIRST: keeps the block of ports.env while it is ours or free, or takes the next free one from FIRST on.
choose_ports() {
    local base="$1"
    [[ "$base" =~ ^[0-9]+$ ]] && ((base >= 1024)) && ((base + PORT_BLOCK_SIZE - 1 <= HIGHEST_PORT)) ||
        fail "VOELGOED_BASE_PORT=$base is not allowed" \
            "It must be between 1024 and $((HIGHEST_PORT - PORT_BLOCK_SIZE + 1))."
    if load_ports; then
        if anything_is_running; then
            return
        fi
        if [[ "${VOELGOED_BASE_PORT:-$BASE_PORT}" == "$BASE_PORT" ]] && port_block_is_free "$BASE_PORT"; then
            return
        fi
    fi
    until port_block_is_free "$base"; do
        base=$((base + PORT_BLOCK_SIZE))
        ((base + PORT_BLOCK_SIZE - 1 <= HIGHEST_PORT)) ||
            fail "no free block of $PORT_BLOCK_SIZE ports between $1 and $HIGHEST_PORT"
    done
    printf '# The first of the %d loopback ports; deploy/lib/ports.sh says which is which.\nBASE_PORT=%d\n' \
        "$PORT_BLOCK_SIZE" "$base" >"$PORTS_FILE"
    load_ports
}

# port_answers PORT: whether a connection to the loopback port is accepted.
port_answers() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
