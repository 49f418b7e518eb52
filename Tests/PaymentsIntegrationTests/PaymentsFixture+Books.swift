import Contracts
import Messaging
import Postgres

@testable import Payments

/// What the two books say, read past all code under test.
extension PaymentsFixture {
    func find(_ id: ChargeID) async throws -> ChargeRecord? {
        try await database.withTransaction { try ChargeStore(transaction: $0).find([id])[id] }
    }

    func count(_ table: String) async throws -> Int {
        try await database.query("SELECT count(*) FROM \(unescaped: table)").decodeOne(Int.self)
    }

    /// The amounts of the one capture of a charge, by account; empty when there is none.
    func journal(of id: ChargeID) async throws -> [LedgerAccountKind: Int] {
        let rows = try await database.query(
            """
            SELECT account.kind, line.amount_cents
            FROM journal_entries AS entry
            JOIN journal_lines AS line ON line.entry_id = entry.id
            JOIN ledger_accounts AS account ON account.id = line.account_id
            WHERE entry.charge_id = \(id) AND entry.kind = 'charge_captured'
            """)
        var amounts: [LedgerAccountKind: Int] = [:]
        for (kind, amountCents) in try rows.decode((String, Int).self) {
            guard let kind = LedgerAccountKind(rawValue: kind), amounts.updateValue(amountCents, forKey: kind) == nil
            else { throw PaymentsFixtureError.unexpectedJournal }
        }
        return amounts
    }

    /// What the provider took for a charge, according to its own book; nil when it took nothing.
    func captured(_ id: ChargeID) async throws -> Int? {
        try await sandboxDatabase.query(
            "SELECT amount_cents FROM captures WHERE idempotency_key = \(id)"
        ).decodeFirst(Int.self)
    }

    /// How often the provider was asked to take a charge.
    func calls(_ id: ChargeID) async throws -> Int {
        try await sandboxDatabase.query("SELECT calls FROM charges WHERE idempotency_key = \(id)").decodeOne(Int.self)
    }

    /// Returns as soon as a transaction of Payments waits for another one's lock.
    func waitUntilBlocked() async throws {
        var waiting = 0
        while waiting == 0 {
            try Task.checkCancellation()
            waiting = try await database.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).decodeOne(Int.self)
        }
    }

    func undeliveredNotifications() async throws -> Int {
        try await sandboxDatabase.query(
            """
            SELECT (SELECT count(*) FROM notifications WHERE delivered < deliveries)
                + (SELECT count(*) FROM refund_notifications WHERE delivered < deliveries)
            """
        ).decodeOne(Int.self)
    }
}
