import Postgres

/// The tables of Analytics, in the order of their files.
let analyticsMigrations = [
    migration("0001_create_reports", PackageResources._001_create_reports_sql),
    migration("0002_create_audit_log", PackageResources._002_create_audit_log_sql),
    migration("0003_create_events", PackageResources._003_create_events_sql),
    migration("0004_create_refunds", PackageResources._004_create_refunds_sql),
]

private func migration(_ name: String, _ file: [UInt8]) -> PostgresMigration {
    PostgresMigration(name: name, sql: String(decoding: file, as: UTF8.self))
}
