# shellcheck shell=bash
# The Swift toolchain and the build.

REQUIRED_SWIFT="6.2"

# check_swift: fails with what to do when Swift is missing or too old.
check_swift() {
    local advice=(
        "Voelgoed Events needs Swift $REQUIRED_SWIFT or newer, with its Linux toolchain for this distribution."
        "Get it from https://www.swift.org/install/linux/ and put its usr/bin folder on PATH."
    )
    if ! command -v swift >/dev/null && [[ -x /opt/swift/usr/bin/swift ]]; then
        PATH="$PATH:/opt/swift/usr/bin"
    fi
    command -v swift >/dev/null || fail "swift is not on PATH" "${advice[@]}"
    local version
    version="$(swift --version 2>/dev/null |
        sed --quiet --regexp-extended 's/.*Swift version ([0-9]+\.[0-9]+(\.[0-9]+)?).*/\1/p' | head -n 1)"
    [[ -n "$version" ]] || fail "'swift --version' says nothing that can be understood" "${advice[@]}"
    [[ "$(printf '%s\n%s\n' "$REQUIRED_SWIFT" "$version" | sort --version-sort | head -n 1)" == "$REQUIRED_SWIFT" ]] ||
        fail "Swift $version at $(command -v swift) is too old" "${advice[@]}"
    step_done "Swift $version"
}

# build_executables CONFIGURATION: builds all executables, unless no source changed since the last build.
# Sets BIN_FOLDER.
build_executables() {
    local configuration="$1" log="$LOG_FOLDER/build-$1.log" stamp inputs
    BIN_FOLDER="$CHECKOUT_FOLDER/.build/$configuration"
    stamp="$CHECKOUT_FOLDER/.build/$configuration.built"
    inputs=("$CHECKOUT_FOLDER/Package.swift" "$CHECKOUT_FOLDER/Services" "$CHECKOUT_FOLDER/Shared"
        "$CHECKOUT_FOLDER/Tests/Faults")
    [[ ! -f "$CHECKOUT_FOLDER/Package.resolved" ]] || inputs+=("$CHECKOUT_FOLDER/Package.resolved")
    if [[ -f "$stamp" ]] && executables_exist && [[ -z "$(find "${inputs[@]}" -newer "$stamp" -print -quit)" ]]; then
        step_done "nothing changed since the last build"
        return
    fi
    mkdir -p "$CHECKOUT_FOLDER/.build"
    # Touched before the build: what changes while it runs is built the next time.
    touch "$stamp.started"
    if ! with_progress "building" "$log" \
        setsid swift build --package-path "$CHECKOUT_FOLDER" --configuration "$configuration"; then
        grep --extended-regexp 'error:' "$log" | sort --unique | head -n 40 >&2 || show_end_of "$log"
        fail "the build failed" "See $log"
    fi
    executables_exist || fail "the build did not make every executable in $BIN_FOLDER"
    mv "$stamp.started" "$stamp"
    step_done "built in $BIN_FOLDER"
}

executables_exist() {
    local service
    for service in "${SERVICES[@]}"; do
        [[ -x "$BIN_FOLDER/${EXECUTABLES[$service]}" ]] || return 1
    done
    [[ -x "$BIN_FOLDER/voelgoed" && -x "$BIN_FOLDER/Faults" ]]
}
