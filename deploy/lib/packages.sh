# shellcheck shell=bash
# The Debian packages of deploy/packages.txt.

# packages_of_kinds KIND...: the names of those kinds, one a line.
packages_of_kinds() {
    awk -v kinds=" $* " '!/^#/ && NF >= 2 && index(kinds, " " $2 " ") { print $1 }' "$DEPLOY_FOLDER/packages.txt"
}

# as_root COMMAND...: through sudo unless we are root already.
as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        fail "this needs root: $*" "Run it as root, or install sudo, and start this command again."
    fi
}

# install_packages KIND...: installs what is missing of those kinds, and nothing when nothing is.
install_packages() {
    local wanted missing=() name
    command -v dpkg-query >/dev/null ||
        fail "this is no Debian system (dpkg-query is missing)" \
            "Install the counterparts of the packages in deploy/packages.txt, or use docker-compose.yml."
    mapfile -t wanted < <(packages_of_kinds "$@")
    local -A installed=()
    while read -r name; do
        installed["$name"]=1
    done < <(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
        awk '$1 == "installed" { print $2 }')
    for name in "${wanted[@]}"; do
        [[ -n "${installed[$name]:-}" ]] || missing+=("$name")
    done
    if ((${#missing[@]} == 0)); then
        step_done "all ${#wanted[@]} are installed"
        return
    fi
    say "installing ${missing[*]}"
    # A subshell, so that the policy file is removed however the installation ends.
    (
        set -euo pipefail
        EXIT_ACTIONS=()
        keep_system_daemons_off
        with_progress "apt-get update" "$LOG_FOLDER/packages.log" as_root apt-get update --quiet ||
            say "apt-get update failed; trying with the lists that are there"
        with_progress "apt-get install" "$LOG_FOLDER/packages.log" \
            as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get install --yes --quiet --no-install-recommends "${missing[@]}"
    ) || {
        show_end_of "$LOG_FOLDER/packages.log"
        fail "the packages could not be installed" "See $LOG_FOLDER/packages.log"
    }
    step_done "installed ${#missing[@]} packages"
}

# keep_system_daemons_off: the packages' own PostgreSQL and RabbitMQ must not start, ours run under .local.
keep_system_daemons_off() {
    local policy=/usr/sbin/policy-rc.d
    [[ ! -e "$policy" ]] || return 0
    at_exit "as_root rm --force $policy"
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}
