import Postgres

/// The tables of the Gateway, in the order of their files.
let gatewayMigrations = [
    migration("0001_create_organizations", PackageResources._001_create_organizations_sql),
    migration("0002_create_idempotency_keys", PackageResources._002_create_idempotency_keys_sql),
    migration("0003_create_api_request_log", PackageResources._003_create_api_request_log_sql),
    migration("0004_add_contact_email", PackageResources._004_add_contact_email_sql),
]

private func migration(_ name: String, _ sql: [UInt8]) -> PostgresMigration {
    PostgresMigration(name: name, sql: String(decoding: sql, as: UTF8.self))
}
