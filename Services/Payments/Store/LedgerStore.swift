import Contracts
import Foundation
import Messaging
import Postgres

/// The double-entry ledger: accounts, entries and lines. It only ever grows.
struct LedgerStore {
    let transaction: PostgresTransaction

    /// Posts entries with all of their lines. The database refuses the commit if one does not balance, or if the
    /// capture of a charge or an entry of a refund is already there.
    func post(_ drafts: [JournalEntryDraft], at moment: Moment) throws {
        guard !drafts.isEmpty else { return }
        let accounts = try makeSure(of: drafts.flatMap(LedgerAccountKey.keys(of:)), at: moment)
        let entryIDs = drafts.map { _ in moment.makeID(JournalEntryID.self) }
        try transaction.write(
            """
            INSERT INTO journal_entries (
                id, organization_id, order_id, charge_id, refund_id, kind, description, recorded_at
            )
            SELECT id, organization_id, order_id, charge_id, refund_id, kind, description, \(moment.now)
            FROM unnest(
                \(entryIDs), \(drafts.map(\.organizationID)), \(drafts.map(\.orderID)), \(drafts.map(\.chargeID)),
                \(drafts.map(\.refundID)), \(drafts.map(\.kind.rawValue)), \(drafts.map(\.description))
            ) AS new (id, organization_id, order_id, charge_id, refund_id, kind, description)
            """)
        try insertLines(of: drafts, entryIDs: entryIDs, accounts: accounts)
    }

    private func insertLines(
        of drafts: [JournalEntryDraft], entryIDs: [JournalEntryID], accounts: [LedgerAccountKey: LedgerAccountID]
    ) throws {
        var organizationIDs: [OrganizationID] = []
        var lineEntryIDs: [JournalEntryID] = []
        var positions: [Int] = []
        var accountIDs: [LedgerAccountID] = []
        var amounts: [Int] = []
        var currencies: [Currency] = []
        for (draft, entryID) in zip(drafts, entryIDs) {
            for (index, line) in draft.lines.enumerated() {
                let key = LedgerAccountKey(
                    organizationID: draft.organizationID, kind: line.account, currency: line.currency)
                guard let accountID = accounts[key] else { throw PaymentsError.missingAccount(line.account) }
                organizationIDs.append(draft.organizationID)
                lineEntryIDs.append(entryID)
                positions.append(index + 1)
                accountIDs.append(accountID)
                amounts.append(line.amountCents)
                currencies.append(line.currency)
            }
        }
        try transaction.write(
            """
            INSERT INTO journal_lines (organization_id, entry_id, position, account_id, amount_cents, currency)
            SELECT * FROM unnest(
                \(organizationIDs), \(lineEntryIDs), \(positions), \(accountIDs), \(amounts), \(currencies)
            )
            """)
    }

    /// Finds accounts, opening those that are missing.
    private func makeSure(
        of keys: [LedgerAccountKey], at moment: Moment
    ) throws -> [LedgerAccountKey: LedgerAccountID] {
        // Two postings that open the same accounts must do so in one order.
        let keys = Set(keys).sorted()
        var accounts = try find(keys)
        let missing = keys.filter { accounts[$0] == nil }
        guard !missing.isEmpty else { return accounts }
        try transaction.write(
            """
            INSERT INTO ledger_accounts (id, organization_id, kind, currency, created_at)
            SELECT id, organization_id, kind, currency, \(moment.now)
            FROM unnest(
                \(missing.map { _ in moment.makeID(LedgerAccountID.self) }), \(missing.map(\.organizationID)),
                \(missing.map(\.kind.rawValue)), \(missing.map(\.currency))
            ) WITH ORDINALITY AS new (id, organization_id, kind, currency, place)
            ORDER BY place
            ON CONFLICT (organization_id, kind, currency) DO NOTHING
            """)
        accounts.merge(try find(missing)) { _, new in new }
        return accounts
    }

    private func find(_ keys: [LedgerAccountKey]) throws -> [LedgerAccountKey: LedgerAccountID] {
        let rows = try transaction.query(
            """
            SELECT account.id, account.organization_id, account.kind, account.currency
            FROM ledger_accounts AS account
            JOIN unnest(
                \(keys.map(\.organizationID)), \(keys.map(\.kind.rawValue)), \(keys.map(\.currency))
            ) AS wanted (organization_id, kind, currency)
                ON account.organization_id = wanted.organization_id AND account.kind = wanted.kind
                AND account.currency = wanted.currency
            """)
        var accounts: [LedgerAccountKey: LedgerAccountID] = [:]
        for row in rows {
            let key = LedgerAccountKey(
                organizationID: try row.decode("organization_id"), kind: try Self.accountKind(row),
                currency: try row.decode("currency"))
            accounts[key] = try row.decode("id")
        }
        return accounts
    }

    static func accountKind(_ row: PostgresRow) throws -> LedgerAccountKind {
        guard let kind = LedgerAccountKind(rawValue: try row.decode("kind")) else {
            throw PaymentsError.unreadableValue(table: "ledger_accounts", column: "kind")
        }
        return kind
    }
}
