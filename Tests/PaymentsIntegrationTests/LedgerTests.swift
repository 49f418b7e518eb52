import Contracts
import Foundation
import Messaging
import Postgres
import Testing

@testable import Payments

@Suite("The ledger's own guards")
struct LedgerTests {

    private func draft(_ charge: Charge) throws -> JournalEntryDraft {
        try JournalEntryDraft.capture(
            of: ChargeRecord(charge, organizationID: .example, correlationID: nil),
            fee: PlatformFee(basisPoints: 150, fixedCents: 0))
    }

    /// A captured charge with its entry.
    private func capture(_ payments: PaymentsFixture) async throws -> Charge {
        let command = payments.charge("tok_ok")
        try await payments.send(command)
        try await payments.runDueJobs()
        return command
    }

    /// Writes lines past the code, and expects the database to refuse at commit.
    private func expectRefused(
        _ constraint: String, _ payments: PaymentsFixture,
        _ write: @escaping @Sendable (PostgresTransaction, JournalEntryID) throws -> Void
    ) async {
        await #expect {
            try await payments.withTransaction { transaction, moment in
                let entryID = moment.makeID(JournalEntryID.self)
                try transaction.execute(
                    """
                    INSERT INTO journal_entries (id, organization_id, kind, description, recorded_at)
                    VALUES (\(entryID), \(OrganizationID.example), 'correction', '', \(moment.now))
                    """)
                try write(transaction, entryID)
            }
        } throws: {
            ($0 as? PostgresError)?.constraint == constraint
        }
    }

    private static func insertLine(
        _ position: Int, _ account: LedgerAccountKind, _ amountCents: Int, currency: Currency = .zar,
        organizationID: OrganizationID = .example, of entryID: JournalEntryID, in transaction: PostgresTransaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO journal_lines (organization_id, entry_id, position, account_id, amount_cents, currency)
            SELECT \(organizationID), \(entryID), \(position), id, \(amountCents), \(currency) FROM ledger_accounts
            WHERE organization_id = \(OrganizationID.example) AND kind = \(account.rawValue)
            """)
    }

    @Test("An entry that does not balance, or has fewer than two lines, is refused at commit")
    func unbalanced() async throws {
        try await withPayments { payments in
            _ = try await capture(payments)
            await expectRefused("journal_entry_balances", payments) { _, _ in }
            await expectRefused("journal_entry_balances", payments) { transaction, entryID in
                try Self.insertLine(1, .providerClearing, 5, of: entryID, in: transaction)
            }
            await expectRefused("journal_entry_balances", payments) { transaction, entryID in
                try Self.insertLine(1, .providerClearing, 5, of: entryID, in: transaction)
                try Self.insertLine(2, .organizerPayable, -4, of: entryID, in: transaction)
            }
            #expect(try await payments.count("journal_entries") == 1)
        }
    }

    @Test("A balanced entry is taken, and no line can be added to it later")
    func laterLine() async throws {
        try await withPayments { payments in
            _ = try await capture(payments)
            let entryID = try await payments.withTransaction { transaction, moment in
                let entryID = moment.makeID(JournalEntryID.self)
                try transaction.execute(
                    """
                    INSERT INTO journal_entries (id, organization_id, kind, description, recorded_at)
                    VALUES (\(entryID), \(OrganizationID.example), 'correction', '', \(moment.now))
                    """)
                try Self.insertLine(1, .providerClearing, 5, of: entryID, in: transaction)
                try Self.insertLine(2, .organizerPayable, -5, of: entryID, in: transaction)
                return entryID
            }
            await #expect {
                try await payments.withTransaction { transaction, _ in
                    try Self.insertLine(3, .platformFees, 1, of: entryID, in: transaction)
                }
            } throws: {
                ($0 as? PostgresError)?.constraint == "journal_entry_balances"
            }
            #expect(try await payments.count("journal_lines") == 5)
        }
    }

    @Test("A line is in its account's currency and of its account's organisation")
    func foreignLines() async throws {
        try await withPayments { payments in
            _ = try await capture(payments)
            await expectRefused("journal_lines_account_of_the_organization_and_currency", payments) {
                transaction, entryID in
                try Self.insertLine(1, .providerClearing, 5, currency: .eur, of: entryID, in: transaction)
            }
            let stranger = payments.moments.moment().makeID(OrganizationID.self)
            await expectRefused("journal_lines_entry_of_the_organization", payments) { transaction, entryID in
                try Self.insertLine(
                    1, .providerClearing, 5, organizationID: stranger, of: entryID, in: transaction)
            }
            await expectRefused("journal_lines_amount_cents_check", payments) { transaction, entryID in
                try Self.insertLine(1, .providerClearing, 0, of: entryID, in: transaction)
            }
        }
    }

    @Test(
        "Nothing in the ledger can be changed or removed, by nobody",
        arguments: ["ledger_accounts", "journal_entries", "journal_lines"],
        ["UPDATE TABLE SET organization_id = organization_id", "DELETE FROM TABLE", "TRUNCATE TABLE CASCADE"])
    func immutable(table: String, statement: String) async throws {
        try await withPayments { payments in
            _ = try await capture(payments)
            let statement = statement.replacing("TABLE", with: table)
            // As the tables' owner, whom only the trigger stops. TRUNCATE reaches dependent tables first or last.
            await #expect {
                _ = try await payments.database.query("\(unescaped: statement)")
            } throws: {
                ($0 as? PostgresError)?.constraint?.hasSuffix("_append_only") == true
            }
            // As the running service, which has not even the right to try.
            await #expect {
                try await payments.withTransaction { transaction, _ in
                    _ = try transaction.execute("\(unescaped: statement)")
                }
            } throws: {
                ($0 as? PostgresError)?.sqlState == "42501"
            }
            #expect(try await payments.count("journal_lines") == 3)
        }
    }

    @Test("A charge is never deleted by the running service")
    func chargesStay() async throws {
        try await withPayments { payments in
            _ = try await capture(payments)
            await #expect {
                try await payments.withTransaction { transaction, _ in
                    _ = try transaction.execute("DELETE FROM transactions")
                }
            } throws: {
                ($0 as? PostgresError)?.sqlState == "42501"
            }
        }
    }

    @Test("The capture of a charge is posted once, whatever the code does")
    func oneEntryPerCapture() async throws {
        try await withPayments { payments in
            let command = try await capture(payments)
            let draft = try draft(command)
            await #expect {
                try await payments.withTransaction { transaction, moment in
                    try LedgerStore(transaction: transaction).post([draft], at: moment)
                }
            } throws: {
                ($0 as? PostgresError)?.constraint == "journal_entries_one_per_capture"
            }
        }
    }

    @Test("Postings that need the same new accounts at the same moment open each once", .timeLimit(.minutes(2)))
    func concurrentAccounts() async throws {
        try await withPayments { payments in
            try await payments.send(payments.charge("tok_ok"), payments.charge("tok_ok"))
            var performed: [PerformedJob] = []
            for job in payments.takeDueJobs() { performed.append(try await payments.perform(job)) }
            try await payments.recordAtOnce(performed)
            #expect(try await payments.count("ledger_accounts") == 3)
            #expect(try await payments.count("journal_entries") == 2)
        }
    }
}
