#!/usr/bin/env bash
# definitions.sh USERS_TABLE
#
# Prints RabbitMQ definitions: the virtual host voelgoed and the users of the table with their rights. Passwords come
# from RABBITMQ_PASSWORD_<USER>, or, where one is not set, from RABBITMQ_PASSWORD_DEFAULT; the output holds salted
# hashes only (https://www.rabbitmq.com/docs/passwords). Needs nothing beyond bash and coreutils, because it also runs
# inside the broker's container.
set -euo pipefail

# password_hash PASSWORD: base64(salt + sha256(salt + password)), with a salt of 4 bytes.
password_hash() {
    local salt digest
    salt="$(od --address-radix=n --format=x1 --read-bytes=4 /dev/urandom | tr --delete ' \n')"
    digest="$({ bytes "$salt" && printf '%s' "$1"; } | sha256sum | cut -c 1-64)"
    { bytes "$salt" && bytes "$digest"; } | base64 --wrap=0
}

# bytes HEXADECIMAL: the bytes themselves.
bytes() {
    local text="$1" escaped="" position
    for ((position = 0; position < ${#text}; position += 2)); do
        escaped+="\\x${text:position:2}"
    done
    printf '%b' "$escaped"
}

escape() {
    printf '%s' "${1//\\/\\\\}"
}

users="" permissions="" separator=""
while IFS= read -r line; do
    [[ -z "$line" || "$line" == \#* ]] && continue
    # Not `read` with IFS: it would take two tabs around an empty column for one.
    mapfile -t -d $'\t' column < <(printf '%s' "$line")
    name="RABBITMQ_PASSWORD_${column[0]^^}"
    password="${!name:-${RABBITMQ_PASSWORD_DEFAULT:?set $name or RABBITMQ_PASSWORD_DEFAULT}}"
    tags=""
    [[ -z "${column[1]}" ]] || tags="\"${column[1]}\""
    users+="$separator
    {\"name\": \"${column[0]}\", \"password_hash\": \"$(password_hash "$password")\","
    users+=" \"hashing_algorithm\": \"rabbit_password_hashing_sha256\", \"tags\": [$tags]}"
    permissions+="$separator
    {\"user\": \"${column[0]}\", \"vhost\": \"voelgoed\", \"configure\": \"$(escape "${column[2]}")\","
    permissions+=" \"write\": \"$(escape "${column[3]}")\", \"read\": \"$(escape "${column[4]}")\"}"
    separator=","
done <"$1"

printf '{\n  "vhosts": [{"name": "voelgoed"}],\n  "users": [%s\n  ],\n  "permissions": [%s\n  ]\n}\n' \
    "$users" "$permissions"
