import Contracts
import Messaging
import Postgres
import TestSupport
import Testing

@testable import Payments

/// A random course of refunds over some charges: commands come again, calls are lost, processes die between a call and its
/// record, and notifications arrive when they like.
struct RefundCourse {
    private let payments: PaymentsFixture
    private var generator: SeededGenerator
    private let charges: [Charge]
    private var commands: [Refund] = []

    /// Captures one charge of each token.
    init(_ payments: PaymentsFixture, seed: UInt64) async throws {
        self.payments = payments
        var generator = SeededGenerator(seed: seed)
        var charges: [Charge] = []
        for token in SandboxToken.allCases where token == .ok || token.rawValue.hasPrefix("tok_refund_") {
            let amountCents = Int.random(in: 100...20_000, using: &generator)
            charges.append(try await payments.capture(token.rawValue, amountCents: amountCents))
        }
        self.charges = charges
        self.generator = generator
    }

    mutating func run(steps: Int) async throws {
        for _ in 0..<steps {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<3: try await order()
            case 3: try await repeatOrder()
            case 4: try await payments.notifier.deliverDue()
            case 5: payments.clock.advance(by: .milliseconds(Int.random(in: 0...3_000, using: &generator)))
            default: try await performOne()
            }
        }
    }

    private mutating func order() async throws {
        guard let charge = charges.randomElement(using: &generator) else { return }
        let greatest = max(1, charge.amountCents / Int.random(in: 1...6, using: &generator))
        let command = payments.refund(charge, Int.random(in: 1...greatest, using: &generator))
        commands.append(command)
        try await payments.send(command)
    }

    private mutating func repeatOrder() async throws {
        guard let command = commands.randomElement(using: &generator) else { return }
        try await payments.send(command)
    }

    /// Performs one job: once, twice, without its call arriving, or without its record.
    private mutating func performOne() async throws {
        var due = payments.takeDueJobs().shuffled(using: &generator)
        guard let job = due.popLast() else { return }
        payments.collect(Effects(jobs: due))
        switch Int.random(in: 0..<8, using: &generator) {
        case 0 where job.kind == RefundJob.kind:
            try await payments.record([try payments.lose(job)])
        case 1:
            _ = try await perform(job)
            payments.collect(Effects(jobs: [job]))
        case 2:
            let first = try await perform(job)
            let second = try await perform(job)
            try await payments.record([second])
            try await payments.record([first])
        default:
            try await payments.record([try await perform(job)])
        }
    }

    /// Performs a job, and moves the clock when its provider stays silent.
    private func perform(_ job: NewJob) async throws -> PerformedJob {
        let payments = payments
        guard let payload = job.payload as? RefundJob.Payload,
            charges.contains(where: {
                $0.chargeID == payload.refund.chargeID && $0.instrument.token == SandboxToken.refundLost.rawValue
            })
        else { return try await payments.perform(job) }
        async let performed = payments.perform(job)
        // The deadline and the provider.
        await payments.clock.waitForSleepers(2)
        payments.clock.advance(by: .seconds(5))
        return try await performed
    }

    /// Lets everything that is under way come to its end.
    func settle() async throws {
        for _ in 0..<2_000 {
            for job in payments.takeDueJobs() { try await payments.record([try await perform(job)]) }
            try await payments.notifier.deliverDue()
            if payments.jobs.isEmpty, try await payments.undeliveredNotifications() == 0 { return }
            payments.clock.advance(by: .milliseconds(500))
        }
        Issue.record("there is still work after a very long time")
    }

    /// Payments, its ledger, its events and the provider's book tell the same.
    func expectAgreement() async throws {
        let succeeded = Set(payments.events(RefundSucceeded.self).map(\.refundID))
        let failed = Set(payments.events(RefundFailed.self).map(\.refundID))
        #expect(succeeded.isDisjoint(with: failed))
        #expect(succeeded.union(failed) == Set(commands.map(\.refundID)))
        let pending = payments.events(RefundPending.self).map(\.refundID)
        #expect(Set(pending).count == pending.count)
        for command in commands {
            let id = command.refundID
            let isBack = succeeded.contains(id)
            #expect(try await payments.refunded(id) == (isBack ? command.amountCents : nil))
            #expect(try await payments.find(id)?.status == (isBack ? .succeeded : .failed))
            let accepted = try await payments.journal(of: id, .refundAccepted)
            let corrected = try await payments.journal(of: id, .correction)
            #expect(corrected == (isBack ? [:] : accepted.mapValues { -$0 }))
            #expect(try await payments.journal(of: id, .refund).isEmpty == !isBack)
        }
        var refundedCents = 0
        for charge in charges {
            let cents = try await payments.refunded(of: charge.chargeID)
            #expect(cents <= charge.amountCents)
            #expect(
                try await payments.givenBack(of: charge.chargeID) == .init(refundingCents: 0, refundedCents: cents))
            refundedCents += cents
        }
        #expect(try await payments.balance(.refundsClearing) == 0)
        let capturedCents = charges.reduce(0) { $0 + $1.amountCents }
        #expect(try await payments.balance(.providerClearing) == capturedCents - refundedCents)
    }

    /// Gives back what is left of each charge: then the platform has nothing of it any more.
    mutating func expectFeesReturnedInTheEnd() async throws {
        for charge in charges where charge.instrument.token != SandboxToken.refundRefused.rawValue {
            let leftCents = charge.amountCents - (try await payments.givenBack(of: charge.chargeID).refundedCents)
            guard leftCents > 0 else { continue }
            let command = payments.refund(charge, leftCents)
            commands.append(command)
            try await payments.send(command)
        }
        try await settle()
        try await expectAgreement()
        for charge in charges where charge.instrument.token != SandboxToken.refundRefused.rawValue {
            let feeCents = try await payments.database.query(
                """
                SELECT coalesce(sum(line.amount_cents), 0)::bigint
                FROM journal_entries AS entry
                JOIN journal_lines AS line ON line.entry_id = entry.id
                JOIN ledger_accounts AS account ON account.id = line.account_id
                WHERE entry.charge_id = \(charge.chargeID) AND account.kind IN ('platform_fees', 'organizer_payable')
                GROUP BY account.kind
                """
            ).decode(Int.self)
            #expect(feeCents.allSatisfy { $0 == 0 }, "\(charge.amountCents) of \(charge.instrument.token)")
        }
    }
}
