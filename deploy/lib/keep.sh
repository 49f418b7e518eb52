#!/usr/bin/env bash
# keep.sh RUN_FOLDER NAME STOP_SIGNAL -- COMMAND...
#
# Keeps one infrastructure server running: starts COMMAND, starts it again when it dies, and passes STOP_SIGNAL on when
# it is itself told to end (SIGTERM). The process ids are in RUN_FOLDER/NAME.pid and RUN_FOLDER/NAME.keeper.pid.
# The seven services have a supervisor of their own; this is for what runs before and below them.
set -uo pipefail

run_folder="$1"
name="$2"
signal="$3"
shift 4

child=""
stopping=""

stop() {
    stopping=1
    [[ -z "$child" ]] || kill -"$signal" "$child" 2>/dev/null
}
trap stop TERM
trap '' INT HUP

note() {
    printf '%s keeper of %s: %s\n' "$(date --utc +%Y-%m-%dT%H:%M:%SZ)" "$name" "$*"
}

printf '%d\n' "$$" >"$run_folder/$name.keeper.pid"
pause=0.2
while [[ -z "$stopping" ]]; do
    began=$SECONDS
    "$@" &
    child=$!
    printf '%d\n' "$child" >"$run_folder/$name.pid"
    # The order to stop may have come before there was a process to tell.
    [[ -z "$stopping" ]] || kill -"$signal" "$child" 2>/dev/null
    wait "$child"
    status=$?
    # A trapped signal ends `wait` early, so ask until the server has really ended.
    while kill -0 "$child" 2>/dev/null; do
        wait "$child"
        status=$?
    done
    child=""
    [[ -z "$stopping" ]] || break
    ((SECONDS - began < 30)) || pause=0.2
    note "the server ended with status $status; starting it again in $pause s"
    sleep "$pause" &
    wait $!
    case "$pause" in 0.2) pause=1 ;; 1) pause=2 ;; *) pause=5 ;; esac
done
note "stopped"
rm -f "$run_folder/$name.pid" "$run_folder/$name.keeper.pid"
