# shellcheck shell=bash
# The table of services (deploy/services.tsv) and how many of each run.

MAXIMUM_SCALE=10
SERVICES=()
declare -A EXECUTABLES=() SCALES=()

while IFS=$'\t' read -r service executable; do
    [[ -z "$service" || "$service" == \#* ]] && continue
    SERVICES+=("$service")
    EXECUTABLES["$service"]="$executable"
    SCALES["$service"]=1
done <"$DEPLOY_FOLDER/services.tsv"
unset service executable

# load_scales: what an earlier `deploy/up --scale` asked for stays.
load_scales() {
    [[ -f "$SCALE_FILE" ]] || return 0
    local pair
    while read -r pair; do
        [[ -z "$pair" ]] || set_scale "$pair"
    done <"$SCALE_FILE"
}

# set_scale NAME=COUNT: how many processes of the service are to run.
set_scale() {
    local name="${1%%=*}" count="${1#*=}"
    [[ -n "${EXECUTABLES[$name]:-}" ]] || fail "there is no service called '$name'" "Services: ${SERVICES[*]}"
    [[ "$count" =~ ^[0-9]+$ ]] && ((10#$count >= 1 && 10#$count <= MAXIMUM_SCALE)) ||
        fail "'$1' is no scale" "Write for instance ticketing=3, with a count of 1 to $MAXIMUM_SCALE."
    SCALES["$name"]=$((10#$count))
}

save_scales() {
    local service
    for service in "${SERVICES[@]}"; do
        printf '%s=%d\n' "$service" "${SCALES[$service]}"
    done >"$SCALE_FILE"
}
