# shellcheck shell=bash
# Migrations, the plan of all processes, and the supervisor (`voelgoed supervise`) that keeps them running.

# migrate_databases: runs every executable's `migrate`, all at once, each into a log of its own.
migrate_databases() {
    local service pair failed=() environment
    local -A processes=()
    for service in "${SERVICES[@]}"; do
        environment=()
        while IFS= read -r pair; do
            environment+=("$pair")
        done < <(service_environment "$service" 0 && owner_environment "$service")
        env "${environment[@]}" "$BIN_FOLDER/${EXECUTABLES[$service]}" migrate \
            >"$LOG_FOLDER/migrate-$service.log" 2>&1 </dev/null 9>&- &
        processes["$service"]=$!
    done
    for service in "${SERVICES[@]}"; do
        wait "${processes[$service]}" || failed+=("$service")
    done
    ((${#failed[@]} == 0)) || {
        for service in "${failed[@]}"; do
            show_end_of "$LOG_FOLDER/migrate-$service.log"
        done
        fail "these databases could not be migrated: ${failed[*]}"
    }
}

# How far services stand back (nice): all of them from the gateway, which has people waiting and little to do for each,
# and mails and webhooks from the sale.
AFTER_THE_GATEWAY=5
AFTER_THE_SALE=19

# write_plan: plan.json names every process with its command, environment, log and readiness address.
write_plan() {
    local service instance separator=""
    (
        umask 077
        {
            printf '{"processes":['
            plan_process "mail" /usr/bin/python3 \
                "$(json_strings -m aiosmtpd --nosetuid --smtputf8 --listen "127.0.0.1:$SMTP_PORT" \
                    --class aiosmtpd.handlers.Mailbox "$MAIL_FOLDER")" "PYTHONUNBUFFERED=1" null "$AFTER_THE_SALE"
            for service in "${SERVICES[@]}"; do
                for ((instance = 0; instance < ${SCALES[$service]}; instance++)); do
                    plan_service "$service" "$instance"
                done
            done
            printf '\n],"pid_file":%s,"state_file":%s}\n' \
                "$(json_string "$STATE_FOLDER/supervisor.pid")" "$(json_string "$STATE_FOLDER/supervisor.json")"
        } >"$PLAN_FILE.new"
    )
    mv "$PLAN_FILE.new" "$PLAN_FILE"
}

# plan_service SERVICE INSTANCE: one process of a service.
plan_service() {
    local environment port nice="$AFTER_THE_GATEWAY"
    case "$1" in
        gateway) nice=0 ;;
        # Mails and webhooks are written while the sale goes on, and sent when it leaves the processor to them.
        notifications) nice="$AFTER_THE_SALE" ;;
    esac
    environment="$(service_environment "$1" "$2")"
    port="$(sed --quiet 's/^VOELGOED_HEALTH_PORT=//p' <<<"$environment")"
    plan_process "$1-$2" "$BIN_FOLDER/${EXECUTABLES[$1]}" "" "$environment" \
        "$(json_string "http://127.0.0.1:$port/health/ready")" "$nice"
}

# plan_process NAME EXECUTABLE ARGUMENTS_JSON ENVIRONMENT_LINES READY_URL_JSON NICE: prints one process of the plan.
plan_process() {
    local pair comma=""
    printf '%s\n{"name":%s,"executable":%s,"arguments":[%s],"environment":{' \
        "$separator" "$(json_string "$1")" "$(json_string "$2")" "$3"
    while IFS= read -r pair; do
        printf '%s%s:%s' "$comma" "$(json_string "${pair%%=*}")" "$(json_string "${pair#*=}")"
        comma=","
    done <<<"$4"
    printf '},"log":%s,"ready_url":%s,"nice":%d}' "$(json_string "$LOG_FOLDER/$1.log")" "$5" "$6"
    separator=","
}

# json_strings TEXT...: the texts as JSON strings with commas between.
json_strings() {
    local comma=""
    while (($# > 0)); do
        printf '%s%s' "$comma" "$(json_string "$1")"
        comma=","
        shift
    done
}

supervisor_process() {
    recorded_process "$STATE_FOLDER/supervisor.pid" "supervise --plan $PLAN_FILE"
}

# plan_fingerprint: changes when the plan or an executable does.
plan_fingerprint() {
    local service
    {
        cat "$PLAN_FILE"
        for service in "${SERVICES[@]}"; do
            stat --format='%n %Y %i' "$BIN_FOLDER/${EXECUTABLES[$service]}"
        done
    } | sha256sum
}

# start_supervisor: leaves a supervisor that runs the present plan alone, and starts or restarts it otherwise.
start_supervisor() {
    local fingerprint applied="$STATE_FOLDER/plan.applied"
    mkdir -p "$MAIL_FOLDER"/{new,cur,tmp}
    fingerprint="$(plan_fingerprint)"
    if supervisor_process >/dev/null; then
        if [[ "$(cat "$applied" 2>/dev/null)" == "$fingerprint" ]]; then
            say "the supervisor runs this plan already"
            return
        fi
        say "the plan changed; restarting the supervisor"
    fi
    stop_supervisor
    remove_classic_request_queues
    setsid --fork "$BIN_FOLDER/voelgoed" supervise --plan "$PLAN_FILE" \
        >>"$LOG_FOLDER/supervisor.log" 2>&1 </dev/null 9>&-
    wait_until 10 supervisor_process >/dev/null || {
        show_end_of "$LOG_FOLDER/supervisor.log"
        fail "the supervisor did not start"
    }
    printf '%s\n' "$fingerprint" >"$applied"
}

# stop_supervisor: ends the supervisor, which ends its processes; and what a killed supervisor has left behind.
stop_supervisor() {
    local name process executable
    stop_process "$(supervisor_process)" "supervise --plan $PLAN_FILE" TERM 45
    rm -f "$STATE_FOLDER/supervisor.pid" "$STATE_FOLDER/plan.applied"
    while IFS=$'\t' read -r name process executable; do
        process_matches "$process" "$executable" || continue
        say "stopping $name, which an earlier supervisor left behind"
        stop_process "$process" "$executable" TERM 20
    done < <(supervised_processes)
}

# supervised_processes: name, process id and executable, separated by tabs, as the state file and the plan have them.
supervised_processes() {
    [[ -s "$STATE_FOLDER/supervisor.json" && -s "$PLAN_FILE" ]] || return 0
    /usr/bin/python3 - "$STATE_FOLDER/supervisor.json" "$PLAN_FILE" <<'PYTHON'
import json
import sys

with open(sys.argv[2]) as file:
    executables = {process["name"]: process["executable"] for process in json.load(file)["processes"]}
with open(sys.argv[1]) as file:
    state = json.load(file)
for process in state.get("processes", []):
    if process.get("pid") and process.get("name") in executables:
        print(process["name"], process["pid"], executables[process["name"]], sep="\t")
PYTHON
}

# wait_for_readiness SECONDS: waits until every process of the plan answers that it is ready.
wait_for_readiness() {
    local service instance index=0 port waiting=() still deadline=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    for service in "${SERVICES[@]}"; do
        for ((instance = 0; instance < ${SCALES[$service]}; instance++)); do
            waiting+=("$service-$instance:$((HEALTH_PORT + 10 * index + instance))")
        done
        index=$((index + 1))
    done
    while true; do
        still=()
        for service in "${waiting[@]}"; do
            port="${service##*:}"
            curl --silent --fail --output /dev/null --max-time 2 --noproxy '*' "http://127.0.0.1:$port/health/ready" ||
                still+=("$service")
        done
        waiting=("${still[@]}")
        ((${#waiting[@]} > 0)) || break
        supervisor_process >/dev/null || fail "the supervisor ended" "See $LOG_FOLDER/supervisor.log"
        if ((${EPOCHREALTIME/[.,]/} > deadline)); then
            for service in "${waiting[@]}"; do
                show_end_of "$LOG_FOLDER/${service%%:*}.log" 8
            done
            fail "not ready after $1 s: ${waiting[*]%%:*}"
        fi
        sleep 0.1
    done
    wait_until 10 port_answers "$SMTP_PORT" || fail "the mail sink does not answer on port $SMTP_PORT"
}
