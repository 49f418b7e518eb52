import Contracts
import Foundation
import Messaging
import Postgres

/// Reads one organisation's ledger, newest first.
struct LedgerReader {
    let transaction: PostgresTransaction
    let organizationID: OrganizationID

    /// Ids sort by the time they were made, so the greatest one stands before the newest page.
    private static let greatestID = UUID(
        uuid: (255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))

    /// Accounts older than `position` with their balances: sums over their lines.
    func accounts(before position: LedgerAccountID?, limit: Int) throws -> [LedgerAccountDetails] {
        let rows = try transaction.query(
            """
            SELECT account.id, account.kind, account.currency, account.created_at,
                coalesce((
                    SELECT sum(line.amount_cents) FROM journal_lines AS line
                    WHERE line.organization_id = \(organizationID) AND line.account_id = account.id
                ), 0)::bigint AS balance_cents
            FROM ledger_accounts AS account
            WHERE account.organization_id = \(organizationID)
                AND account.id < \(position?.rawValue ?? Self.greatestID)
            ORDER BY account.id DESC
            LIMIT \(limit)
            """)
        return try rows.map { row in
            LedgerAccountDetails(
                id: try row.decode("id"), organizationID: organizationID, kind: try LedgerStore.accountKind(row),
                currency: try row.decode("currency"), balanceCents: try row.decode("balance_cents"),
                createdAt: try row.decode("created_at"))
        }
    }

    /// Entries older than `position`, with their lines; those of one order if `orderID` is given.
    func entries(
        before position: JournalEntryID?, orderID: OrderID?, limit: Int
    ) throws -> [JournalEntryDetails] {
        let position = position?.rawValue ?? Self.greatestID
        let columns = "id, order_id, charge_id, refund_id, kind, description, recorded_at"
        // Two texts, so that each has the plan of its own index.
        let rows =
            if let orderID {
                try transaction.query(
                    """
                    SELECT \(unescaped: columns) FROM journal_entries
                    WHERE organization_id = \(organizationID) AND order_id = \(orderID) AND id < \(position)
                    ORDER BY id DESC LIMIT \(limit)
                    """)
            } else {
                try transaction.query(
                    """
                    SELECT \(unescaped: columns) FROM journal_entries
                    WHERE organization_id = \(organizationID) AND id < \(position)
                    ORDER BY id DESC LIMIT \(limit)
                    """)
            }
        let lines = try lines(of: try rows.map { try $0.decode("id") })
        return try rows.map { row in
            let id: JournalEntryID = try row.decode("id")
            guard let kind = JournalEntryKind(rawValue: try row.decode("kind")) else {
                throw PaymentsError.unreadableValue(table: "journal_entries", column: "kind")
            }
            return JournalEntryDetails(
                id: id, organizationID: organizationID, orderID: try row.decode("order_id"),
                chargeID: try row.decode("charge_id"), refundID: try row.decode("refund_id"), kind: kind,
                description: try row.decode("description"), lines: lines[id] ?? [],
                recordedAt: try row.decode("recorded_at"))
        }
    }

    private func lines(of entryIDs: [JournalEntryID]) throws -> [JournalEntryID: [JournalLine]] {
        guard !entryIDs.isEmpty else { return [:] }
        let rows = try transaction.query(
            """
            SELECT line.entry_id, line.account_id, line.amount_cents, line.currency, account.kind
            FROM journal_lines AS line
            JOIN ledger_accounts AS account
                ON account.organization_id = line.organization_id AND account.id = line.account_id
            WHERE line.organization_id = \(organizationID) AND line.entry_id = ANY(\(entryIDs))
            ORDER BY line.entry_id, line.position
            """)
        var lines: [JournalEntryID: [JournalLine]] = [:]
        for row in rows {
            let line = JournalLine(
                accountID: try row.decode("account_id"), kind: try LedgerStore.accountKind(row),
                amountCents: try row.decode("amount_cents"), currency: try row.decode("currency"))
            lines[try row.decode("entry_id"), default: []].append(line)
        }
        return lines
    }
}
