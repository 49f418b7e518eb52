# shellcheck shell=bash
# The installation's own RabbitMQ with its own epmd, all on loopback, everything under STATE_FOLDER/rabbitmq. It is one
# node, or a cluster of RABBITMQ_NODES nodes side by side, each with its own ports, folder and keeper.

RABBITMQ_SERVER=/usr/lib/rabbitmq/bin/rabbitmq-server
RABBITMQ_NODES=1
# Where the services find the broker, when that is not at its nodes' own ports.
BROKER_ADDRESSES=""

# kept_rabbitmq_node NUMBER: the name under which a node is kept. The first one's is that of an only node.
kept_rabbitmq_node() {
    printf 'rabbitmq%s' "$( (($1 == 1)) || printf -- '-%d' "$1")"
}

# use_rabbitmq_node NUMBER: sets the names, folders and ports of that node.
use_rabbitmq_node() {
    local offset=0 suffix
    (($1 == 1)) || offset=$((90 + 10 * ($1 - 1)))
    NODE_KEPT="$(kept_rabbitmq_node "$1")"
    suffix="${NODE_KEPT#rabbitmq}"
    NODE_NAME="$INSTALLATION$suffix@localhost"
    NODE_CONFIG="$STATE_FOLDER/rabbitmq/config$suffix"
    NODE_DATA="$STATE_FOLDER/rabbitmq/data$suffix"
    NODE_AMQP_PORT=$((AMQP_PORT + offset))
    NODE_MANAGEMENT_PORT=$((RABBITMQ_MANAGEMENT_PORT + offset))
    NODE_METRICS_PORT=$((RABBITMQ_METRICS_PORT + offset))
    NODE_DISTRIBUTION_PORT=$((RABBITMQ_DISTRIBUTION_PORT + offset))
}

# configure_rabbitmq_node: the configuration files of the node in use, made anew at each start.
configure_rabbitmq_node() {
    local folder="$STATE_FOLDER/rabbitmq" cookie
    mkdir -p "$folder/home" "$folder/config" "$NODE_DATA" "$NODE_CONFIG"
    chmod 700 "$folder"
    cookie="$folder/home/.erlang.cookie"
    if [[ "$(cat "$cookie" 2>/dev/null)" != "${SECRETS[ERLANG_COOKIE]}" ]]; then
        rm -f "$cookie"
        (umask 377 && printf '%s' "${SECRETS[ERLANG_COOKIE]}" >"$cookie")
    fi
    cp "$DEPLOY_FOLDER/rabbitmq/enabled_plugins" "$DEPLOY_FOLDER/rabbitmq/advanced.config" "$NODE_CONFIG/"
    {
        cat "$DEPLOY_FOLDER/rabbitmq/rabbitmq.conf"
        cat <<CONFIGURATION

# This installation.
listeners.tcp.default = 127.0.0.1:$NODE_AMQP_PORT
management.tcp.ip = 127.0.0.1
management.tcp.port = $NODE_MANAGEMENT_PORT
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $NODE_METRICS_PORT
load_definitions = $folder/config/definitions.json
log.console = false
log.file.level = info
log.file.rotation.size = 10485760
log.file.rotation.count = 3
CONFIGURATION
        ((RABBITMQ_NODES == 1)) || cluster_configuration
    } >"$NODE_CONFIG/rabbitmq.conf"
}

# cluster_configuration: what makes a node one of several.
cluster_configuration() {
    local number
    # A node that was frozen does not notice that it was alone, and has to be restarted (docs/operations.md). autoheal
    # would do that, but took four minutes of disagreement over who is to restart when three nodes had left each other.
    printf '\n# A node that sees fewer than half of the cluster stops serving until it sees them again.\n'
    printf 'cluster_partition_handling = pause_minority\n'
    printf 'cluster_formation.peer_discovery_backend = classic_config\n'
    for ((number = 1; number <= RABBITMQ_NODES; number++)); do
        (
            use_rabbitmq_node "$number"
            printf 'cluster_formation.classic_config.nodes.%d = %s\n' "$number" "$NODE_NAME"
        )
    done
}

# write_definitions: the virtual host, the users and their rights, made anew when the table or a password changed.
# Sets DEFINITIONS_CHANGED to the file when it is new.
write_definitions() {
    local file="$STATE_FOLDER/rabbitmq/config/definitions.json" fingerprint name
    DEFINITIONS_CHANGED=""
    fingerprint="$(cat "$DEPLOY_FOLDER/rabbitmq/users.tsv" "$DEPLOY_FOLDER/rabbitmq/definitions.sh" "$SECRETS_FILE" |
        sha256sum)"
    if [[ -s "$file" && "$(cat "$file.made-from" 2>/dev/null)" == "$fingerprint" ]]; then
        return
    fi
    (
        umask 077
        for name in "${!SECRETS[@]}"; do
            [[ "$name" != RABBITMQ_PASSWORD_* ]] || export "$name=${SECRETS[$name]}"
        done
        bash "$DEPLOY_FOLDER/rabbitmq/definitions.sh" "$DEPLOY_FOLDER/rabbitmq/users.tsv" >"$file.new"
    )
    mv "$file.new" "$file"
    printf '%s\n' "$fingerprint" >"$file.made-from"
    DEFINITIONS_CHANGED="$file"
}

# start_rabbitmq: starts epmd and the nodes, and brings users and rights up to date in running ones.
start_rabbitmq() {
    local number
    if kept_is_running epmd && kept_is_running rabbitmq && port_answers "$AMQP_PORT"; then
        write_definitions
        if [[ -n "$DEFINITIONS_CHANGED" ]]; then
            rabbitmq_management POST /api/definitions --header 'content-type: application/json' \
                --data-binary "@$DEFINITIONS_CHANGED" >/dev/null ||
                fail "RabbitMQ refused the changed users"
            say "users and rights brought up to date"
        fi
        return
    fi
    for ((number = RABBITMQ_NODES; number >= 1; number--)); do
        use_rabbitmq_node "$number"
        configure_rabbitmq_node
    done
    write_definitions
    start_kept epmd TERM "epmd -port $EPMD_PORT" epmd -port "$EPMD_PORT" -address 127.0.0.1
    wait_until 5 port_answers "$EPMD_PORT" || fail "epmd does not answer on port $EPMD_PORT"
    # The first one founds the cluster; the others find it there and join at the same time.
    start_rabbitmq_node 1
    await_rabbitmq_node 1
    for ((number = 2; number <= RABBITMQ_NODES; number++)); do
        start_rabbitmq_node "$number"
    done
    for ((number = 2; number <= RABBITMQ_NODES; number++)); do
        await_rabbitmq_node "$number"
    done
    wait_until 20 rabbitmq_management GET /api/vhosts/voelgoed >/dev/null ||
        fail "RabbitMQ's management does not answer on port $RABBITMQ_MANAGEMENT_PORT"
}

# start_rabbitmq_node NUMBER: starts the node under its keeper.
start_rabbitmq_node() {
    local folder="$STATE_FOLDER/rabbitmq" arguments="-kernel inet_dist_use_interface {127,0,0,1}"
    use_rabbitmq_node "$1"
    # Queues elect a new leader soon, but the consumers of a frozen node are only given up with the node itself: after
    # 2 s without any of eight signs of life instead of after a minute without any of four. That is before clients leave
    # it (after 2.5 s): until the other nodes have given it up, they send new channels to the queues' old leaders there.
    # And whoever tries to reach it again is to know after 1 s that it is not there, instead of after 7.
    ((RABBITMQ_NODES == 1)) || arguments+=" -kernel net_ticktime 2 -kernel net_tickintensity 8 -kernel net_setuptime 1"
    # RUNNING_UNDER_SYSTEMD makes the script replace itself by the server, so that the recorded process is the server.
    start_kept "$NODE_KEPT" TERM "-installation $INSTALLATION" env \
        HOME="$folder/home" LANG=C.UTF-8 RUNNING_UNDER_SYSTEMD=true \
        ERL_EPMD_PORT="$EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_NODENAME="$NODE_NAME" \
        RABBITMQ_DIST_PORT="$NODE_DISTRIBUTION_PORT" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="$arguments -installation $INSTALLATION" \
        RABBITMQ_CONF_ENV_FILE="$NODE_CONFIG/none" \
        RABBITMQ_CONFIG_FILE="$NODE_CONFIG/rabbitmq.conf" \
        RABBITMQ_ADVANCED_CONFIG_FILE="$NODE_CONFIG/advanced.config" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$NODE_CONFIG/enabled_plugins" \
        RABBITMQ_GENERATED_CONFIG_DIR="$NODE_CONFIG/generated" \
        RABBITMQ_MNESIA_BASE="$NODE_DATA" \
        RABBITMQ_MNESIA_DIR="$NODE_DATA/node" \
        RABBITMQ_FEATURE_FLAGS_FILE="$NODE_DATA/feature_flags" \
        RABBITMQ_PID_FILE="$NODE_DATA/node.pid" \
        RABBITMQ_LOG_BASE="$LOG_FOLDER" RABBITMQ_LOGS="$LOG_FOLDER/$NODE_KEPT-node.log" \
        "$RABBITMQ_SERVER"
}

# await_rabbitmq_node NUMBER: the node opens its port last, after plug-ins and definitions.
await_rabbitmq_node() {
    use_rabbitmq_node "$1"
    wait_until 60 port_answers "$NODE_AMQP_PORT" || {
        show_end_of "$LOG_FOLDER/$NODE_KEPT.log"
        show_end_of "$LOG_FOLDER/$NODE_KEPT-node.log"
        fail "RabbitMQ does not answer on port $NODE_AMQP_PORT"
    }
}

# stop_rabbitmq SECONDS: stops every node, and epmd.
stop_rabbitmq() {
    local number
    for ((number = RABBITMQ_NODES; number >= 1; number--)); do
        stop_kept "$(kept_rabbitmq_node "$number")" "$1"
    done
    stop_kept epmd 5
}

# remove_classic_request_queues: earlier versions kept requests in classic queues, and a queue cannot change its type.
# What waits in them has a deadline of seconds and an asker who asks again. The services declare them anew.
remove_classic_request_queues() {
    local service queue
    for service in "${SERVICES[@]}"; do
        queue="/api/queues/voelgoed/$service.requests"
        rabbitmq_management GET "$queue" | grep --quiet '"type":"classic"' || continue
        rabbitmq_management DELETE "$queue" || fail "the classic queue $service.requests could not be removed"
        say "removed the classic queue $service.requests; it comes back as a quorum queue"
    done
}

# rabbitmq_management METHOD PATH [CURL_OPTION...]: a call to the management API as the operator.
rabbitmq_management() {
    local method="$1" path="$2"
    shift 2
    # The password goes through a file descriptor: a command line is visible to everyone on the machine.
    curl --silent --fail --max-time 10 --noproxy '*' --request "$method" \
        --config <(printf 'user = "operator:%s"\n' "${SECRETS[RABBITMQ_PASSWORD_OPERATOR]}") \
        "$@" "http://127.0.0.1:$RABBITMQ_MANAGEMENT_PORT$path"
}

# rabbitmq_url USER: with every node of a cluster.
rabbitmq_url() {
    local name="RABBITMQ_PASSWORD_${1^^}" addresses="$BROKER_ADDRESSES" number
    for ((number = 1; number <= RABBITMQ_NODES; number++)); do
        [[ -z "$BROKER_ADDRESSES" ]] || break
        use_rabbitmq_node "$number"
        addresses+="${addresses:+,}127.0.0.1:$NODE_AMQP_PORT"
    done
    printf 'amqp://%s:%s@%s/voelgoed' "$1" "${SECRETS[$name]}" "$addresses"
}

# rabbitmq_management_url: the management API with the operator's name and password.
rabbitmq_management_url() {
    printf 'http://operator:%s@127.0.0.1:%d' "${SECRETS[RABBITMQ_PASSWORD_OPERATOR]}" "$RABBITMQ_MANAGEMENT_PORT"
}
