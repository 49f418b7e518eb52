# shellcheck shell=bash
# The installation's own PostgreSQL: a cluster in STATE_FOLDER/postgres, on loopback and on a private socket.

MINIMUM_POSTGRES=15
# Where the services find the database, when that is not its own port.
DATABASE_PORT=""

# locate_postgres: sets POSTGRES_BIN, POSTGRES_AS (the prefix that drops root, which PostgreSQL refuses) and folders.
locate_postgres() {
    local folder version
    POSTGRES_BIN=""
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort); do
        version="${folder#/usr/lib/postgresql/}"
        version="${version%/bin}"
        [[ -x "$folder/postgres" ]] && ((version >= MINIMUM_POSTGRES)) || continue
        # A cluster stays with the version that made it.
        POSTGRES_BIN="$folder"
        [[ "$(cat "$STATE_FOLDER/postgres/data/PG_VERSION" 2>/dev/null)" != "$version" ]] || break
    done
    [[ -n "$POSTGRES_BIN" ]] || fail "no PostgreSQL $MINIMUM_POSTGRES or newer under /usr/lib/postgresql"
    POSTGRES_AS=()
    ((EUID != 0)) || POSTGRES_AS=(setpriv --reuid=postgres --regid=postgres --init-groups --)
    POSTGRES_DATA="$STATE_FOLDER/postgres/data"
    POSTGRES_SOCKET="$STATE_FOLDER/postgres/socket"
    # A socket's path holds at most 107 bytes.
    if ((${#POSTGRES_SOCKET} + ${#POSTGRES_PORT} + 13 > 107)); then
        POSTGRES_SOCKET="/tmp/$INSTALLATION"
    fi
}

# make_postgres_folders: private to the user that runs the server.
make_postgres_folders() {
    local home="$STATE_FOLDER/postgres" owner="$EUID"
    mkdir -p "$home"
    if ((EUID == 0)); then
        owner="$(id --user postgres)"
        chown postgres:postgres "$home/."
        # A checkout under /root, say, is closed to the user postgres: then the data lies outside, behind a link.
        if ! "${POSTGRES_AS[@]}" test -w "$home" && [[ ! -L "$home" ]]; then
            rmdir "$home"
            mkdir -p "$(outside_folder)/postgres"
            ln --symbolic "$(outside_folder)/postgres" "$home"
            chown postgres:postgres "$home/."
        fi
        "${POSTGRES_AS[@]}" test -w "$(realpath "$home")" || fail "the user postgres cannot write $(realpath "$home")"
        POSTGRES_DATA="$(realpath "$home")/data"
        [[ "$POSTGRES_SOCKET" == /tmp/* ]] || POSTGRES_SOCKET="$(realpath "$home")/socket"
    fi
    "${POSTGRES_AS[@]}" mkdir -p -m 700 "$POSTGRES_SOCKET"
    # In /tmp anyone could have made it first.
    [[ ! -L "$POSTGRES_SOCKET" && "$(stat --format='%u %a' "$POSTGRES_SOCKET")" == "$owner 700" ]] ||
        fail "$POSTGRES_SOCKET is not a private folder of the server's user"
}

# outside_folder: where data goes that a server's user could not reach inside the checkout.
outside_folder() {
    printf '/var/lib/voelgoed-events/%s' "$INSTALLATION"
}

# create_cluster: initdb into a folder that gets its name only when it is complete.
create_cluster() {
    [[ ! -f "$POSTGRES_DATA/PG_VERSION" ]] || return 0
    "${POSTGRES_AS[@]}" rm -rf "$POSTGRES_DATA.new"
    (cd / && "${POSTGRES_AS[@]}" "$POSTGRES_BIN/initdb" --pgdata="$POSTGRES_DATA.new" --username=postgres \
        --auth-local=peer --auth-host=reject --encoding=UTF8 --locale=C.UTF-8 --data-checksums --no-instructions \
        "$@") >"$LOG_FOLDER/initdb.log" 2>&1 || {
        show_end_of "$LOG_FOLDER/initdb.log"
        fail "initdb failed"
    }
    "${POSTGRES_AS[@]}" mv "$POSTGRES_DATA.new" "$POSTGRES_DATA"
}

# configure_cluster: our settings beside initdb's own, and who may connect how.
configure_cluster() {
    "${POSTGRES_AS[@]}" tee "$POSTGRES_DATA/voelgoed.conf" <"$DEPLOY_FOLDER/postgres/postgresql.conf" >/dev/null
    if [[ "$STATE_NAME" == test ]]; then
        # Tests kill processes, never the machine: what the kernel holds survives, waiting for the disk shows nothing.
        # Suites run side by side, each test with a database and a pool of its own.
        printf 'fsync = off\nmax_connections = 1000\n' | "${POSTGRES_AS[@]}" tee --append "$POSTGRES_DATA/voelgoed.conf" >/dev/null
    fi
    if ! grep --quiet "^include 'voelgoed.conf'" "$POSTGRES_DATA/postgresql.conf"; then
        printf "include 'voelgoed.conf'\n" |
            "${POSTGRES_AS[@]}" tee --append "$POSTGRES_DATA/postgresql.conf" >/dev/null
    fi
    "${POSTGRES_AS[@]}" tee "$POSTGRES_DATA/pg_hba.conf" >/dev/null <<'HBA'
# TYPE  DATABASE  USER      ADDRESS       METHOD
local   all       postgres                peer map=installation
local   all       all                     scram-sha-256
host    all       all       127.0.0.1/32  scram-sha-256
HBA
    "${POSTGRES_AS[@]}" tee "$POSTGRES_DATA/pg_ident.conf" >/dev/null <<IDENT
# MAPNAME     SYSTEM-USERNAME  PG-USERNAME
installation  postgres         postgres
installation  $(id --user --name)  postgres
IDENT
}

# start_postgres [INITDB_OPTION...]: makes the cluster if there is none, starts it, and brings its roles up to date.
start_postgres() {
    locate_postgres
    make_postgres_folders
    if ! kept_is_running postgres || ! postgres_answers; then
        create_cluster "$@"
        configure_cluster
        start_kept postgres INT "$POSTGRES_DATA" env --chdir=/ "${POSTGRES_AS[@]}" "$POSTGRES_BIN/postgres" \
            -D "$POSTGRES_DATA" -p "$POSTGRES_PORT" -c "unix_socket_directories=$POSTGRES_SOCKET"
        wait_until 60 postgres_answers || {
            show_end_of "$LOG_FOLDER/postgres.log"
            fail "PostgreSQL does not answer on port $POSTGRES_PORT"
        }
    fi
    create_roles
}

postgres_answers() {
    "$POSTGRES_BIN/pg_isready" --quiet --host="$POSTGRES_SOCKET" --port="$POSTGRES_PORT" --timeout=2 \
        --username=postgres --dbname=postgres
}

# create_roles: databases and roles of every service; repeated runs change nothing.
create_roles() {
    local name
    (
        for name in "${!SECRETS[@]}"; do
            [[ "$name" != POSTGRES_PASSWORD_* ]] || export "$name=${SECRETS[$name]}"
        done
        export PGHOST="$POSTGRES_SOCKET" PGPORT="$POSTGRES_PORT" PGUSER=postgres PGDATABASE=postgres
        cd / && PATH="$POSTGRES_BIN:$PATH" bash "$DEPLOY_FOLDER/postgres/create-roles.sh" "${SERVICES[@]}"
    ) >"$LOG_FOLDER/roles.log" 2>&1 || {
        show_end_of "$LOG_FOLDER/roles.log"
        fail "the databases and roles could not be created"
    }
}

# database_url ROLE DATABASE
database_url() {
    local name="POSTGRES_PASSWORD_${1^^}"
    printf 'postgres://%s:%s@127.0.0.1:%d/%s?sslmode=disable' "$1" "${SECRETS[$name]}" \
        "${DATABASE_PORT:-$POSTGRES_PORT}" "$2"
}

# erase_postgres: the data that may lie outside the checkout.
erase_postgres() {
    local outside
    outside="$(outside_folder)"
    if [[ -d "$outside" ]]; then
        rm -rf "$outside"
        rmdir --ignore-fail-on-non-empty "${outside%/*}"
    fi
    rm -rf "/tmp/$INSTALLATION"
}
