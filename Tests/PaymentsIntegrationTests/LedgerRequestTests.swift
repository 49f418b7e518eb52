import Contracts
import Foundation
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Payments

@Suite("Reading the ledger")
struct LedgerRequestTests {
    /// Asks as the runtime does: read-only, as the tenant role, for one organisation.
    private func ask<Handler: RequestHandler>(
        _ handler: Handler, _ request: Handler.Body, organizationID: OrganizationID = .example,
        _ payments: PaymentsFixture
    ) async throws -> Handler.Body.Reply {
        let moment = payments.moments.moment()
        let received = Received(
            envelope: Envelope(
                id: moment.makeUUID(), type: Handler.Body.name, occurredAt: moment.now,
                organizationID: organizationID, appID: "gateway"),
            body: request)
        let answers = try await payments.database.withTransaction(
            scope: .tenant(role: "payments_tenant", organizationID: organizationID.rawValue), readOnly: true
        ) { transaction in
            try handler.answer([received], in: transaction, at: moment)
        }
        return try #require(answers.first).reply.get()
    }

    /// Captures charges one after the other, each in its own moment, and returns their commands.
    private func capture(
        _ amounts: [Int], organizationID: OrganizationID = .example, _ payments: PaymentsFixture
    ) async throws -> [Charge] {
        var commands: [Charge] = []
        for amountCents in amounts {
            let command = payments.charge("tok_ok", amountCents: amountCents)
            try await payments.send(command, organizationID: organizationID)
            try await payments.runDueJobs()
            payments.clock.advance(by: .milliseconds(1))
            commands.append(command)
        }
        return commands
    }

    @Test("Balances are the sums of all lines, debits positive")
    func balances() async throws {
        try await withPayments { payments in
            _ = try await capture([10_000, 5_000, 333], payments)
            let page = try await ask(ListLedgerAccountsHandler(), ListLedgerAccounts(page: PageRequest()), payments)
            let balances = Dictionary(uniqueKeysWithValues: page.data.map { ($0.kind, $0.balanceCents) })
            #expect(balances == [.providerClearing: 15_333, .platformFees: -230, .organizerPayable: -15_103])
            #expect(page.data.allSatisfy { $0.currency == .zar && $0.organizationID == .example })
            #expect(page.nextCursor == nil)
        }
    }

    @Test("Entries come newest first with their lines, page by page, each once")
    func pages() async throws {
        try await withPayments { payments in
            let commands = try await capture([100, 200, 300, 400, 500], payments)
            var seen: [JournalEntryDetails] = []
            var cursor: String?
            repeat {
                let page = try await ask(
                    ListLedgerEntriesHandler(), ListLedgerEntries(page: PageRequest(limit: 2, cursor: cursor)), payments
                )
                #expect(page.data.count <= 2)
                seen += page.data
                cursor = page.nextCursor
            } while cursor != nil
            #expect(seen.map(\.chargeID) == commands.reversed().map(\.chargeID))
            for entry in seen {
                #expect(entry.kind == .chargeCaptured)
                #expect(entry.lines.reduce(0) { $0 + $1.amountCents } == 0)
                #expect(entry.lines.first?.kind == .providerClearing)
            }
        }
    }

    @Test("Entries of one order are those of its charges")
    func oneOrder() async throws {
        try await withPayments { payments in
            let commands = try await capture([100, 200], payments)
            let command = try #require(commands.first)
            let page = try await ask(
                ListLedgerEntriesHandler(), ListLedgerEntries(page: PageRequest(), orderID: command.orderID), payments)
            #expect(page.data.map(\.orderID) == [command.orderID])
            let none = try await ask(
                ListLedgerEntriesHandler(),
                ListLedgerEntries(page: PageRequest(), orderID: payments.moments.moment().makeID()), payments)
            #expect(none.data.isEmpty)
        }
    }

    @Test("Entries of one order are those of its refunds as well, which name them")
    func refundsOfOneOrder() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            let command = payments.refund(charge, 4_000)
            payments.clock.advance(by: .milliseconds(1))
            try await payments.send(command)
            payments.clock.advance(by: .milliseconds(1))
            try await payments.runDueJobs()
            try await payments.giveBack(payments.refund(try await payments.capture()))
            let page = try await ask(
                ListLedgerEntriesHandler(), ListLedgerEntries(page: PageRequest(), orderID: charge.orderID), payments)
            #expect(page.data.map(\.kind) == [.refund, .refundAccepted, .chargeCaptured])
            #expect(page.data.map(\.refundID) == [command.refundID, command.refundID, nil])
            #expect(page.data.allSatisfy { $0.chargeID == charge.chargeID && $0.orderID == charge.orderID })
        }
    }

    @Test("Another organisation sees nothing of it, not even by the order's id")
    func tenants() async throws {
        try await withPayments { payments in
            let commands = try await capture([100], payments)
            let stranger = payments.moments.moment().makeID(OrganizationID.self)
            _ = try await capture([70_000], organizationID: stranger, payments)
            let own = try await ask(ListLedgerAccountsHandler(), ListLedgerAccounts(page: PageRequest()), payments)
            #expect(own.data.first { $0.kind == .providerClearing }?.balanceCents == 100)
            let entries = try await ask(
                ListLedgerEntriesHandler(),
                ListLedgerEntries(page: PageRequest(), orderID: commands.first?.orderID), organizationID: stranger,
                payments)
            #expect(entries.data.isEmpty)
        }
    }

    @Test("The tenant's role sees nothing without an organisation, never a charge's token, and cannot write")
    func tenantRole() async throws {
        try await withPayments { payments in
            _ = try await capture([100], payments)
            await #expect(throws: PostgresError.self) {
                try await payments.database.withTransaction { transaction in
                    try transaction.execute("SET LOCAL ROLE payments_tenant")
                    try transaction.query("SELECT * FROM journal_lines")
                }
            }
            let scope = PostgresScope.tenant(
                role: "payments_tenant", organizationID: OrganizationID.example.rawValue)
            for statement in [
                "SELECT * FROM transactions", "DELETE FROM journal_lines",
                "INSERT INTO ledger_accounts SELECT * FROM ledger_accounts",
            ] {
                await #expect {
                    try await payments.database.withTransaction(scope: scope) { transaction in
                        _ = try transaction.query("\(unescaped: statement)")
                    }
                } throws: {
                    ($0 as? PostgresError)?.sqlState == "42501"
                }
            }
        }
    }

    @Test("A limit or a cursor that is none is refused by name")
    func validation() async throws {
        try await withPayments { payments in
            for page in [PageRequest(limit: 0), PageRequest(limit: 201), PageRequest(cursor: "yesterday")] {
                let error = await #expect(throws: Problem.self) {
                    _ = try await ask(ListLedgerEntriesHandler(), ListLedgerEntries(page: page), payments)
                }
                #expect(error?.slug == .validationFailed)
                #expect(error?.errors?.first?.field == (page.cursor == nil ? "limit" : "cursor"))
            }
        }
    }
}
