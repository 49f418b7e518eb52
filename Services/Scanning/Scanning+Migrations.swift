import Postgres

/// The tables of Scanning, in the order of their files.
let scanningMigrations = [
    PostgresMigration(
        name: "0001_create_gates", sql: String(decoding: PackageResources._001_create_gates_sql, as: UTF8.self))
]
