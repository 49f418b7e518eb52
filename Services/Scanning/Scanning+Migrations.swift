import Postgres

/// The tables of Scanning, in the order of their files.
let scanningMigrations = [
    migration("0001_create_gates", PackageResources._001_create_gates_sql),
    migration("0002_revoke_refunded_tickets", PackageResources._002_revoke_refunded_tickets_sql),
    migration("0003_keep_code_hashes", PackageResources._003_keep_code_hashes_sql),
    migration("0004_let_scans_write_movements", PackageResources._004_let_scans_write_movements_sql),
]

private func migration(_ name: String, _ sql: [UInt8]) -> PostgresMigration {
    PostgresMigration(name: name, sql: String(decoding: sql, as: UTF8.self))
}
