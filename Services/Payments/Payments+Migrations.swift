import Foundation
import Messaging
import Postgres

/// The tables of Payments.
let paymentsMigrations: [PostgresMigration] = [
    migration("0001_create_transactions", PackageResources._001_create_transactions_sql),
    migration("0002_create_ledger", PackageResources._002_create_ledger_sql),
    migration("0003_create_refunds", PackageResources._003_create_refunds_sql),
    migration("0004_judge_entries_once", PackageResources._004_judge_entries_once_sql),
]

/// The tables of the sandbox's book, in its own database.
let sandboxMigrations: [PostgresMigration] = [
    migration("0001_create_book", PackageResources.sandbox_0001_create_book_sql),
    migration("0002_create_refund_orders", PackageResources.sandbox_0002_create_refund_orders_sql),
]

private func migration(_ name: String, _ sql: [UInt8]) -> PostgresMigration {
    PostgresMigration(name: name, sql: String(decoding: sql, as: UTF8.self))
}
