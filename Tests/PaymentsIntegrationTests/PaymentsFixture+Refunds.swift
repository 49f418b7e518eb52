import Contracts
import Messaging
import Postgres
import Testing

@testable import Payments

/// Giving money back, and what the books then say.
extension PaymentsFixture {
    /// A charge whose money was taken.
    func capture(
        _ token: String = "tok_ok", amountCents: Int = 10_000, orderID: OrderID? = nil,
        organizationID: OrganizationID = .example
    ) async throws -> Charge {
        let command = charge(token, amountCents: amountCents, orderID: orderID)
        try await send(command, organizationID: organizationID)
        try await runUntilQuiet()
        #expect(try await find(command.chargeID)?.status == .succeeded)
        return command
    }

    /// A command to give back of a charge, all of it unless an amount is given.
    func refund(
        _ charge: Charge, _ amountCents: Int? = nil, purpose: RefundPurpose = .order, refundID: RefundID? = nil
    ) -> Refund {
        Refund(
            refundID: refundID ?? moments.moment().makeID(), chargeID: charge.chargeID, checkoutID: charge.checkoutID,
            orderID: charge.orderID, amountCents: amountCents ?? charge.amountCents, currency: charge.currency,
            purpose: purpose)
    }

    /// Delivers commands together, each as a new message.
    func send(_ commands: Refund..., organizationID: OrganizationID = .example) async throws {
        try await send(commands, organizationID: organizationID)
    }

    /// - Parameter beforeCommit: runs inside of the transaction when all is written.
    func send(
        _ commands: [Refund], organizationID: OrganizationID = .example,
        beforeCommit: @escaping @Sendable () -> Void = {}
    ) async throws {
        let moment = moments.moment()
        let received = commands.map { command in
            Received(
                envelope: Envelope(
                    id: moment.makeUUID(), type: Refund.name, occurredAt: moment.now,
                    correlationID: command.refundID.rawValue, organizationID: organizationID, appID: "coordinator"),
                body: command)
        }
        let effects = try await withTransaction { [refundHandler] transaction, moment in
            let effects = try refundHandler.handle(received, in: transaction, at: moment)
            beforeCommit()
            return effects
        }
        #expect(effects.count == commands.count)
        for effect in effects { collect(effect) }
    }

    /// Gives back and waits until it is done.
    func giveBack(_ commands: Refund...) async throws {
        try await send(commands)
        try await runUntilQuiet()
    }

    func find(_ id: RefundID) async throws -> RefundRecord? {
        try await database.withTransaction { try RefundStore(transaction: $0).find([id])[id] }
    }

    /// What goes back of a charge, and what went back, as its own row has it.
    func givenBack(of id: ChargeID) async throws -> GivenBack {
        let (refundingCents, refundedCents) = try await database.query(
            "SELECT refunding_cents, refunded_cents FROM transactions WHERE id = \(id)"
        ).decodeOne((Int, Int).self)
        return GivenBack(refundingCents: refundingCents, refundedCents: refundedCents)
    }

    struct GivenBack: Equatable {
        let refundingCents: Int
        let refundedCents: Int
    }

    /// The amounts of the one entry of a kind that a refund has, by account; empty when there is none.
    func journal(of id: RefundID, _ kind: JournalEntryKind) async throws -> [LedgerAccountKind: Int] {
        let rows = try await database.query(
            """
            SELECT account.kind, line.amount_cents
            FROM journal_entries AS entry
            JOIN journal_lines AS line ON line.entry_id = entry.id
            JOIN ledger_accounts AS account ON account.id = line.account_id
            WHERE entry.refund_id = \(id) AND entry.kind = \(kind.rawValue)
            """)
        return Dictionary(
            try rows.decode((String, Int).self).compactMap { text, amountCents in
                LedgerAccountKind(rawValue: text).map { ($0, amountCents) }
            }, uniquingKeysWith: +)
    }

    /// The balance of an account, over all organisations.
    func balance(_ kind: LedgerAccountKind) async throws -> Int {
        try await database.query(
            """
            SELECT coalesce(sum(line.amount_cents), 0)::bigint
            FROM journal_lines AS line JOIN ledger_accounts AS account ON account.id = line.account_id
            WHERE account.kind = \(kind.rawValue)
            """
        ).decodeOne(Int.self)
    }

    /// What the provider gave back for a refund, according to its own book; nil when it gave nothing.
    func refunded(_ id: RefundID) async throws -> Int? {
        try await sandboxDatabase.query("SELECT amount_cents FROM refunds WHERE idempotency_key = \(id)")
            .decodeFirst(Int.self)
    }

    /// What the provider gave back of a charge in all, according to its own book.
    func refunded(of id: ChargeID) async throws -> Int {
        try await sandboxDatabase.query(
            "SELECT coalesce(sum(amount_cents), 0)::bigint FROM refunds WHERE capture_key = \(id)"
        ).decodeOne(Int.self)
    }

    /// How often the provider was asked to give back.
    func calls(_ id: RefundID) async throws -> Int {
        try await sandboxDatabase.query("SELECT calls FROM refund_orders WHERE idempotency_key = \(id)")
            .decodeOne(Int.self)
    }
}
