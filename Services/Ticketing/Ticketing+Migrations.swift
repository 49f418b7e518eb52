import Postgres

/// The tables of Ticketing, in the order of their files.
let ticketingMigrations: [PostgresMigration] = [
    migration("0001_create_catalogue", PackageResources._001_create_catalogue_sql),
    migration("0002_create_orders", PackageResources._002_create_orders_sql),
    migration("0003_create_refunds", PackageResources._003_create_refunds_sql),
    migration("0004_add_minimum_deadlines", PackageResources._004_add_minimum_deadlines_sql),
    migration("0005_lighten_tickets", PackageResources._005_lighten_tickets_sql),
]

private func migration(_ name: String, _ sql: [UInt8]) -> PostgresMigration {
    PostgresMigration(name: name, sql: String(decoding: sql, as: UTF8.self))
}
