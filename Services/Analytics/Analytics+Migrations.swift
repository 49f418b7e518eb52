import Postgres

/// The tables of Analytics, in the order of their files.
let analyticsMigrations = [
    PostgresMigration(
        name: "0001_create_reports", sql: String(decoding: PackageResources._001_create_reports_sql, as: UTF8.self)),
    PostgresMigration(
        name: "0002_create_audit_log", sql: String(decoding: PackageResources._002_create_audit_log_sql, as: UTF8.self)),
]
