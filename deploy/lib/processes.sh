# shellcheck shell=bash
# Processes that outlive the command which started them. A process is only ever signalled by a recorded id whose
# command line still is the one that was started: ids are reused.

# process_matches PID TEXT: whether the process is alive and TEXT is part of its command line.
process_matches() {
    [[ "$1" =~ ^[0-9]+$ && -r "/proc/$1/cmdline" ]] || return 1
    local command
    # The process may end between the two looks.
    command="$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline")" || return 1
    [[ "$command" == *"$2"* ]]
}

# recorded_process FILE TEXT: prints the process id in FILE when that process is alive and matches.
recorded_process() {
    local process
    [[ -s "$1" ]] && read -r process <"$1" && process_matches "$process" "$2" && printf '%s' "$process"
}

# start_kept NAME STOP_SIGNAL MATCH COMMAND...: starts the command under deploy/lib/keep.sh, which starts it again when
# it dies. Does nothing when it is kept already. MATCH is a part of the command line of the running server.
start_kept() {
    local name="$1" signal="$2" match="$3"
    shift 3
    kept_is_running "$name" && return
    # A keeper that was killed leaves its server behind; a new one could not bind the ports.
    stop_process "$(recorded_process "$RUN_FOLDER/$name.pid" "$match")" "$match" "$signal" 30
    printf '%s\n%s\n' "$signal" "$match" >"$RUN_FOLDER/$name.match"
    setsid --fork bash "$DEPLOY_FOLDER/lib/keep.sh" "$RUN_FOLDER" "$name" "$signal" -- "$@" \
        >>"$LOG_FOLDER/$name.log" 2>&1 </dev/null 9>&-
    wait_until 5 kept_is_running "$name" || fail "$name could not be started" "See $LOG_FOLDER/$name.log"
}

kept_is_running() {
    recorded_process "$RUN_FOLDER/$1.keeper.pid" "keep.sh $RUN_FOLDER $1 " >/dev/null
}

# stop_kept NAME SECONDS: ends the keeper and its server gracefully, and with SIGKILL when SECONDS have passed.
stop_kept() {
    local name="$1" seconds="$2" keeper signal="TERM" match=""
    if [[ -s "$RUN_FOLDER/$name.match" ]]; then
        { read -r signal && read -r match; } <"$RUN_FOLDER/$name.match"
    fi
    keeper="$(recorded_process "$RUN_FOLDER/$name.keeper.pid" "keep.sh $RUN_FOLDER $name ")" || true
    # The keeper passes the signal on and ends with its server; it must not be killed first, or nobody would.
    [[ -z "$keeper" ]] || kill -TERM "$keeper" 2>/dev/null || true
    if [[ -n "$match" ]]; then
        stop_process "$(recorded_process "$RUN_FOLDER/$name.pid" "$match")" "$match" "$signal" "$seconds"
    fi
    stop_process "$keeper" "keep.sh $RUN_FOLDER $name " TERM 5
    rm -f "$RUN_FOLDER/$name.pid" "$RUN_FOLDER/$name.keeper.pid" "$RUN_FOLDER/$name.match"
}

# stop_process PID MATCH SIGNAL SECONDS: sends the signal, waits, and kills what has not ended by then.
stop_process() {
    local process="$1" match="$2" signal="$3" seconds="$4"
    [[ -n "$process" ]] || return 0
    process_matches "$process" "$match" || return 0
    # A stopped process (SIGSTOP) would never see the signal.
    kill -"$signal" "$process" 2>/dev/null && kill -CONT "$process" 2>/dev/null || true
    if ! wait_until "$seconds" process_ended "$process" "$match"; then
        say "process $process did not end within $seconds s; killing it"
        kill -KILL "$process" 2>/dev/null || true
        wait_until 5 process_ended "$process" "$match" || true
    fi
}

process_ended() {
    ! process_matches "$1" "$2"
}

# anything_is_running: whether a process of this installation is alive.
anything_is_running() {
    local name
    for name in postgres epmd rabbitmq rabbitmq-2 rabbitmq-3; do
        ! kept_is_running "$name" || return 0
    done
    supervisor_process >/dev/null
}
