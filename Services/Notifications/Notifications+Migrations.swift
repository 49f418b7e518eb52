import Postgres

/// The tables of Notifications, in the order of their files.
let notificationsMigrations = [
    migration("0001_create_ticket_deliveries", PackageResources._001_create_ticket_deliveries_sql),
    migration("0002_create_webhooks", PackageResources._002_create_webhooks_sql),
    migration("0003_extend_webhooks", PackageResources._003_extend_webhooks_sql),
    migration("0004_create_letters", PackageResources._004_create_letters_sql),
    migration("0005_lighten_deliveries", PackageResources._005_lighten_deliveries_sql),
]

private func migration(_ name: String, _ sql: [UInt8]) -> PostgresMigration {
    PostgresMigration(name: name, sql: String(decoding: sql, as: UTF8.self))
}
