import Contracts
import Messaging
import Postgres
import Testing

@testable import Payments

@Suite("What the database holds of refunds, whatever the code does")
struct RefundLedgerTests {
    private func expectRefused(
        _ constraint: String, _ payments: PaymentsFixture,
        _ write: @escaping @Sendable (PostgresTransaction, Moment) throws -> Void
    ) async {
        await #expect {
            try await payments.withTransaction(write)
        } throws: {
            ($0 as? PostgresError)?.constraint == constraint
        }
    }

    @Test("With the fee kept, the organiser bears the whole refund")
    func feeKept() async throws {
        try await withPayments(refundFees: .kept) { payments in
            let charge = try await payments.capture()
            let command = payments.refund(charge)
            try await payments.giveBack(command)
            #expect(
                try await payments.journal(of: command.refundID, .refundAccepted)
                    == [.organizerPayable: 10_000, .refundsClearing: -10_000])
            #expect(try await payments.find(command.refundID)?.returnedFeeCents == nil)
            #expect(try await payments.balance(.platformFees) == -150)
            #expect(try await payments.balance(.organizerPayable) == 150)
            #expect(try await payments.balance(.providerClearing) == 0)
        }
    }

    @Test("With the fee returned, it goes back in proportion, and wholly with the last part")
    func feeReturned() async throws {
        try await withPayments(refundFees: .returned) { payments in
            let charge = try await payments.capture()
            var returned: [Int?] = []
            for cents in [3_333, 3_333, 3_334] {
                let command = payments.refund(charge, cents)
                try await payments.giveBack(command)
                returned.append(try await payments.find(command.refundID)?.returnedFeeCents)
            }
            #expect(returned == [50, 50, 50])
            for account in LedgerAccountKind.allCases { #expect(try await payments.balance(account) == 0) }
        }
    }

    @Test("A charge never gives back more than it took")
    func moreThanItTook() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            let command = payments.refund(charge, 10_001)
            await expectRefused("transactions_gives_back_what_it_took", payments) { transaction, moment in
                var refund = RefundRecord(command, organizationID: .example, correlationID: nil)
                refund.provider = "sandbox"
                try RefundStore(transaction: transaction).insert([(refund, moment.makeUUID())], at: moment.now)
            }
            let failed = payments.charge("tok_declined")
            try await payments.send(failed)
            try await payments.runDueJobs()
            await expectRefused("transactions_gives_back_what_it_took", payments) { transaction, _ in
                try transaction.execute("UPDATE transactions SET refunding_cents = 1 WHERE id = \(failed.chargeID)")
            }
        }
    }

    @Test("Not even code that forgets the charge's lock gives back more than it took", .timeLimit(.minutes(2)))
    func withoutTheLock() async throws {
        try await withPayments { payments in
            let charge = try await payments.capture()
            @Sendable func write(_ command: Refund, beforeCommit: @escaping @Sendable () -> Void = {}) async throws {
                var refund = RefundRecord(command, organizationID: .example, correlationID: nil)
                refund.provider = "sandbox"
                try await payments.withTransaction { [refund] transaction, moment in
                    try RefundStore(transaction: transaction).insert([(refund, moment.makeUUID())], at: moment.now)
                    beforeCommit()
                }
            }
            let first = payments.refund(charge, 6_000)
            let second = payments.refund(charge, 6_000)
            try await payments.overlapping {
                try await write(first, beforeCommit: $0)
            } _: {
                await #expect {
                    try await write(second)
                } throws: {
                    ($0 as? PostgresError)?.constraint == "transactions_gives_back_what_it_took"
                }
            }
            #expect(
                try await payments.givenBack(of: charge.chargeID) == .init(refundingCents: 6_000, refundedCents: 0))
        }
    }

    @Test("A refund is of a charge of its own organisation")
    func foreignCharge() async throws {
        try await withPayments { payments in
            let command = payments.refund(try await payments.capture())
            let stranger = payments.moments.moment().makeID(OrganizationID.self)
            await expectRefused("refunds_charge_of_the_organization", payments) { transaction, moment in
                var refund = RefundRecord(command, organizationID: stranger, correlationID: nil)
                refund.provider = "sandbox"
                try RefundStore(transaction: transaction).insert([(refund, moment.makeUUID())], at: moment.now)
            }
        }
    }

    @Test("A refund has one entry of each kind")
    func oneEntryOfAKind() async throws {
        try await withPayments { payments in
            let paid = payments.refund(try await payments.capture())
            let refused = payments.refund(try await payments.capture("tok_refund_refused"))
            try await payments.giveBack(paid, refused)
            let paidRefund = try #require(try await payments.find(paid.refundID))
            let refusedRefund = try #require(try await payments.find(refused.refundID))
            let drafts: [JournalEntryDraft] = [
                try .acceptance(of: paidRefund), try .success(of: paidRefund), try .reversal(of: refusedRefund),
            ]
            for draft in drafts {
                await expectRefused("journal_entries_one_of_a_kind_per_refund", payments) { transaction, moment in
                    try LedgerStore(transaction: transaction).post([draft], at: moment)
                }
            }
        }
    }

    @Test("An entry of a refund names it")
    func namelessRefund() async throws {
        try await withPayments { payments in
            for kind in ["refund", "refund_accepted"] {
                await expectRefused("journal_entries_refund_is_named", payments) { transaction, moment in
                    try transaction.execute(
                        """
                        INSERT INTO journal_entries (id, organization_id, kind, description, recorded_at)
                        VALUES (\(moment.makeUUID()), \(OrganizationID.example), \(kind), '', \(moment.now))
                        """)
                }
            }
        }
    }

    @Test("A refund is never deleted by the running service, and no request reads it")
    func refundsStay() async throws {
        try await withPayments { payments in
            try await payments.giveBack(payments.refund(try await payments.capture()))
            await #expect {
                try await payments.withTransaction { transaction, _ in
                    _ = try transaction.execute("DELETE FROM refunds")
                }
            } throws: {
                ($0 as? PostgresError)?.sqlState == "42501"
            }
            let scope = PostgresScope.tenant(
                role: "payments_tenant", organizationID: OrganizationID.example.rawValue)
            await #expect {
                try await payments.database.withTransaction(scope: scope) { transaction in
                    _ = try transaction.query("SELECT * FROM refunds")
                }
            } throws: {
                ($0 as? PostgresError)?.sqlState == "42501"
            }
        }
    }
}
