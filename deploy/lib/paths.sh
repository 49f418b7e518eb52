# shellcheck shell=bash
# Where everything is. Sourced first.

CHECKOUT_FOLDER="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
DEPLOY_FOLDER="$CHECKOUT_FOLDER/deploy"
# Tells this checkout's processes and folders from those of another checkout on the same machine.
CHECKOUT_HASH="$(printf '%s' "$CHECKOUT_FOLDER" | sha256sum | cut -c 1-10)"

# use_state_folder NAME: `local` keeps the state in .local, the others in folders of their names in it.
use_state_folder() {
    STATE_NAME="$1"
    case "$STATE_NAME" in
        local) STATE_FOLDER="$CHECKOUT_FOLDER/.local" ;;
        test | faults | simulation | bench) STATE_FOLDER="$CHECKOUT_FOLDER/.local/$STATE_NAME" ;;
        *) fail "no state folder is called $STATE_NAME" ;;
    esac
    LOG_FOLDER="$STATE_FOLDER/logs"
    RUN_FOLDER="$STATE_FOLDER/run"
    PORTS_FILE="$STATE_FOLDER/ports.env"
    SECRETS_FILE="$STATE_FOLDER/secrets.env"
    SCALE_FILE="$STATE_FOLDER/scale.env"
    PLAN_FILE="$STATE_FOLDER/plan.json"
    CREDENTIALS_FILE="$STATE_FOLDER/credentials.json"
    MAIL_FOLDER="$STATE_FOLDER/mail"
    # Marks this installation's processes on their command lines.
    INSTALLATION="voelgoed-$CHECKOUT_HASH-$STATE_NAME"
    mkdir -p "$LOG_FOLDER" "$RUN_FOLDER"
}

# only_one_at_a_time: two commands must not change one installation at once. Descriptor 9 holds the lock; processes
# that outlive the command are started with it closed.
only_one_at_a_time() {
    exec 9>"$STATE_FOLDER/lock"
    flock --nonblock 9 || fail "another command is changing $STATE_FOLDER; wait for it to end"
}
