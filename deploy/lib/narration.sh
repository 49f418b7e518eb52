# shellcheck shell=bash
# What the commands tell the person who runs them.

NARRATION_BEGAN="${EPOCHREALTIME/[.,]/}"
STEP_BEGAN="$NARRATION_BEGAN"
EXIT_ACTIONS=()

# say TEXT: one plain line.
say() {
    printf '    %s\n' "$*"
}

# step TEXT: begins a step and its clock.
step() {
    STEP_BEGAN="${EPOCHREALTIME/[.,]/}"
    printf '==> %s\n' "$*"
}

# step_done TEXT: ends the step and tells how long it took.
step_done() {
    printf '    %s (%s)\n' "$*" "$(seconds_since "$STEP_BEGAN")"
}

# seconds_since MICROSECONDS: the time since then, as `1.2 s`.
seconds_since() {
    local tenths=$(((${EPOCHREALTIME/[.,]/} - $1) / 100000))
    printf '%d.%d s' $((tenths / 10)) $((tenths % 10))
}

# total_time: the time since the command began.
total_time() {
    seconds_since "$NARRATION_BEGAN"
}

# fail TEXT...: tells what is wrong, one line per argument, and ends the command.
fail() {
    printf 'error: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do
        printf '       %s\n' "$line" >&2
    done
    exit 1
}

# show_end_of LOG [LINES]: the last lines of a log, indented, for a failure's message.
show_end_of() {
    [[ -s "$1" ]] || return 0
    printf '    --- the end of %s\n' "$1" >&2
    tail --lines="${2:-20}" "$1" | sed 's/^/    | /' >&2
}

# at_exit COMMAND: adds a command that runs however the script ends, the last added first.
at_exit() {
    EXIT_ACTIONS=("$1" "${EXIT_ACTIONS[@]}")
    trap run_exit_actions EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

run_exit_actions() {
    local status=$? action
    # A second signal must not interrupt the cleaning up.
    trap '' INT TERM HUP
    set +e
    for action in "${EXIT_ACTIONS[@]}"; do
        eval "$action"
    done
    exit "$status"
}

# wait_until SECONDS COMMAND...: runs the command every tenth of a second until it succeeds; fails after SECONDS.
wait_until() {
    local deadline=$((${EPOCHREALTIME/[.,]/} + $1 * 1000000))
    shift
    until "$@"; do
        ((${EPOCHREALTIME/[.,]/} < deadline)) || return 1
        sleep 0.1
    done
}

# with_progress LABEL LOG COMMAND...: runs a long command into its log, with a line every 30 seconds. With `setsid` in
# front of the command, everything that it started ends with it.
with_progress() {
    local label="$1" log="$2" began="${EPOCHREALTIME/[.,]/}" next=30000000 latest process status=0
    shift 2
    "$@" >"$log" 2>&1 9>&- </dev/null &
    process=$!
    at_exit "end_session $process"
    while kill -0 "$process" 2>/dev/null; do
        sleep 0.5
        if ((${EPOCHREALTIME/[.,]/} - began >= next)); then
            next=$((next + 30000000))
            latest="$(tail --bytes=4000 "$log" | tr '\r' '\n' | sed '/^[[:space:]]*$/d' | tail -n 1 | cut -c 1-100)"
            say "$label, $(seconds_since "$began"): $latest"
        fi
    done
    wait "$process" || status=$?
    # A test that crashed may have left servers of its own.
    end_session "$process"
    EXIT_ACTIONS=("${EXIT_ACTIONS[@]:1}")
    return "$status"
}

# end_session PROCESS: ends the process and everything in the session that it leads, if it leads one.
end_session() {
    local processes
    mapfile -t processes < <({ printf '%d\n' "$1" && ps --sid "$1" -o pid=; } | sort --numeric-sort --unique)
    kill -TERM "${processes[@]}" 2>/dev/null || return 0
    wait_until 10 session_ended "$1" || {
        mapfile -t processes < <(ps --sid "$1" -o pid=)
        kill -KILL "${processes[@]}" 2>/dev/null || true
    }
}

session_ended() {
    [[ -z "$(ps --sid "$1" -o pid=)" ]]
}

# json_string TEXT: the text as a JSON string.
json_string() {
    local text="${1//\\/\\\\}"
    text="${text//\"/\\\"}"
    text="${text//$'\t'/\\t}"
    text="${text//$'\n'/\\n}"
    printf '"%s"' "$text"
}
