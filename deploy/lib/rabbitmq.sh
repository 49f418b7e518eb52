# shellcheck shell=bash
# The installation's own RabbitMQ node with its own epmd, all on loopback, everything under STATE_FOLDER/rabbitmq.

RABBITMQ_SERVER=/usr/lib/rabbitmq/bin/rabbitmq-server

# configure_rabbitmq: the configuration files of this installation, made anew at each start.
configure_rabbitmq() {
    local folder="$STATE_FOLDER/rabbitmq" cookie
    RABBITMQ_NODE="$INSTALLATION@localhost"
    mkdir -p "$folder/home" "$folder/data" "$folder/config"
    chmod 700 "$folder"
    cookie="$folder/home/.erlang.cookie"
    if [[ "$(cat "$cookie" 2>/dev/null)" != "${SECRETS[ERLANG_COOKIE]}" ]]; then
        rm -f "$cookie"
        (umask 377 && printf '%s' "${SECRETS[ERLANG_COOKIE]}" >"$cookie")
    fi
    cp "$DEPLOY_FOLDER/rabbitmq/enabled_plugins" "$DEPLOY_FOLDER/rabbitmq/advanced.config" "$folder/config/"
    {
        cat "$DEPLOY_FOLDER/rabbitmq/rabbitmq.conf"
        cat <<CONFIGURATION

# This installation.
listeners.tcp.default = 127.0.0.1:$AMQP_PORT
management.tcp.ip = 127.0.0.1
management.tcp.port = $RABBITMQ_MANAGEMENT_PORT
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = $RABBITMQ_METRICS_PORT
load_definitions = $folder/config/definitions.json
log.console = false
log.file.level = info
log.file.rotation.size = 10485760
log.file.rotation.count = 3
CONFIGURATION
    } >"$folder/config/rabbitmq.conf"
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

# start_rabbitmq: starts epmd and the node, and brings users and rights up to date in a running one.
start_rabbitmq() {
    local folder="$STATE_FOLDER/rabbitmq"
    RABBITMQ_NODE="$INSTALLATION@localhost"
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
    configure_rabbitmq
    write_definitions
    start_kept epmd TERM "epmd -port $EPMD_PORT" epmd -port "$EPMD_PORT" -address 127.0.0.1
    wait_until 5 port_answers "$EPMD_PORT" || fail "epmd does not answer on port $EPMD_PORT"
    # RUNNING_UNDER_SYSTEMD makes the script replace itself by the server, so that the recorded process is the server.
    start_kept rabbitmq TERM "-installation $INSTALLATION" env \
        HOME="$folder/home" LANG=C.UTF-8 RUNNING_UNDER_SYSTEMD=true \
        ERL_EPMD_PORT="$EPMD_PORT" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_NODENAME="$RABBITMQ_NODE" \
        RABBITMQ_DIST_PORT="$RABBITMQ_DISTRIBUTION_PORT" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1} -installation $INSTALLATION" \
        RABBITMQ_CONF_ENV_FILE="$folder/config/none" \
        RABBITMQ_CONFIG_FILE="$folder/config/rabbitmq.conf" \
        RABBITMQ_ADVANCED_CONFIG_FILE="$folder/config/advanced.config" \
        RABBITMQ_ENABLED_PLUGINS_FILE="$folder/config/enabled_plugins" \
        RABBITMQ_GENERATED_CONFIG_DIR="$folder/config/generated" \
        RABBITMQ_MNESIA_BASE="$folder/data" \
        RABBITMQ_MNESIA_DIR="$folder/data/node" \
        RABBITMQ_FEATURE_FLAGS_FILE="$folder/data/feature_flags" \
        RABBITMQ_PID_FILE="$folder/data/node.pid" \
        RABBITMQ_LOG_BASE="$LOG_FOLDER" RABBITMQ_LOGS="$LOG_FOLDER/rabbitmq-node.log" \
        "$RABBITMQ_SERVER"
    # The node opens this port last, after plug-ins and definitions.
    wait_until 60 port_answers "$AMQP_PORT" || {
        show_end_of "$LOG_FOLDER/rabbitmq.log"
        show_end_of "$LOG_FOLDER/rabbitmq-node.log"
        fail "RabbitMQ does not answer on port $AMQP_PORT"
    }
    wait_until 20 rabbitmq_management GET /api/vhosts/voelgoed >/dev/null ||
        fail "RabbitMQ's management does not answer on port $RABBITMQ_MANAGEMENT_PORT"
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

# rabbitmq_url USER
rabbitmq_url() {
    local name="RABBITMQ_PASSWORD_${1^^}"
    printf 'amqp://%s:%s@127.0.0.1:%d/voelgoed' "$1" "${SECRETS[$name]}" "$AMQP_PORT"
}

# rabbitmq_management_url: the management API with the operator's name and password.
rabbitmq_management_url() {
    printf 'http://operator:%s@127.0.0.1:%d' "${SECRETS[RABBITMQ_PASSWORD_OPERATOR]}" "$RABBITMQ_MANAGEMENT_PORT"
}
