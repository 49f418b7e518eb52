import Postgres

/// The tables of the Coordinator, in the order of their files.
let coordinatorMigrations = [
    PostgresMigration(
        name: "0001_create_checkouts", sql: String(decoding: PackageResources._001_create_checkouts_sql, as: UTF8.self)),
    PostgresMigration(
        name: "0002_create_refunds_and_cancellations",
        sql: String(decoding: PackageResources._002_create_refunds_and_cancellations_sql, as: UTF8.self)),
]
