import Contracts
import TestSupport
import Testing

@testable import Payments

@Suite("Drafting journal entries")
struct JournalEntryDraftTests {
    private func draft(_ lines: [JournalEntryDraft.Line]) throws(JournalError) -> JournalEntryDraft {
        try JournalEntryDraft(
            organizationID: .example, orderID: .example, chargeID: .example, kind: .correction, description: "",
            lines: lines)
    }

    private func line(
        _ account: LedgerAccountKind, _ amountCents: Int, _ currency: Currency = .zar
    ) -> JournalEntryDraft.Line {
        JournalEntryDraft.Line(account: account, amountCents: amountCents, currency: currency)
    }

    @Test("A capture debits what the provider holds and credits organiser and platform")
    func capture() throws {
        let draft = try JournalEntryDraft.capture(
            of: .sample(.succeeded), fee: PlatformFee(basisPoints: 150, fixedCents: 0))
        #expect(
            draft.lines == [
                line(.providerClearing, 10_000), line(.organizerPayable, -9_850), line(.platformFees, -150),
            ])
        #expect(draft.kind == .chargeCaptured)
        #expect(draft.chargeID == .example)
    }

    @Test("A capture without a fee has no fee line, and one that is all fee has no organiser line")
    func captureWithoutZeroLines() throws {
        let free = try JournalEntryDraft.capture(
            of: .sample(.succeeded), fee: PlatformFee(basisPoints: 0, fixedCents: 0))
        #expect(free.lines == [line(.providerClearing, 10_000), line(.organizerPayable, -10_000)])
        let fee = try JournalEntryDraft.capture(
            of: .sample(.succeeded, amountCents: 50), fee: PlatformFee(basisPoints: 150, fixedCents: 100))
        #expect(fee.lines == [line(.providerClearing, 50), line(.platformFees, -50)])
    }

    @Test("A refund is owed to the buyer when it is accepted, and paid by the provider when it succeeds")
    func refund() throws {
        let refund = RefundRecord.sample(.succeeded, returnedFeeCents: 60)
        let acceptance = try JournalEntryDraft.acceptance(of: refund)
        #expect(
            acceptance.lines == [
                line(.organizerPayable, 3_940), line(.platformFees, 60), line(.refundsClearing, -4_000),
            ])
        #expect(acceptance.kind == .refundAccepted)
        #expect(acceptance.refundID == .example)
        #expect(acceptance.chargeID == .example)
        let success = try JournalEntryDraft.success(of: refund)
        #expect(success.lines == [line(.refundsClearing, 4_000), line(.providerClearing, -4_000)])
        #expect(success.kind == .refund)
    }

    @Test("A refund without a part of the fee has no line for it, and one of nothing but fee none for the organiser")
    func refundWithoutZeroLines() throws {
        let kept = try JournalEntryDraft.acceptance(of: .sample())
        #expect(kept.lines == [line(.organizerPayable, 4_000), line(.refundsClearing, -4_000)])
        let fee = try JournalEntryDraft.acceptance(of: .sample(returnedFeeCents: 4_000))
        #expect(fee.lines == [line(.platformFees, 4_000), line(.refundsClearing, -4_000)])
    }

    @Test("For any amounts, the entries of a refund balance, and acceptance and outcome leave nothing in clearing")
    func refundsBalance() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<1_000 {
            let amountCents = Int.random(in: 1 ... .max, using: &generator)
            let feeCents = Bool.random(using: &generator) ? Int.random(in: 0...amountCents, using: &generator) : nil
            let refund = RefundRecord.sample(amountCents: amountCents, returnedFeeCents: feeCents)
            let acceptance = try JournalEntryDraft.acceptance(of: refund)
            let success = try JournalEntryDraft.success(of: refund)
            let reversal = try JournalEntryDraft.reversal(of: refund)
            #expect(reversal.kind == .correction)
            #expect(reversal.lines == acceptance.lines.map { line($0.account, -$0.amountCents) })
            let clearing = (acceptance.lines + success.lines).filter { $0.account == .refundsClearing }
            #expect(clearing.reduce(0) { $0 + $1.amountCents } == 0)
        }
    }

    @Test("An entry that does not sum to zero cannot be made")
    func unbalanced() {
        #expect(throws: JournalError.unbalanced(.zar, sumCents: 1)) {
            try draft([line(.providerClearing, 10), line(.organizerPayable, -9)])
        }
    }

    @Test("Every currency balances for itself")
    func currencies() throws {
        #expect(throws: JournalError.unbalanced(.eur, sumCents: -10)) {
            try draft([line(.providerClearing, 10), line(.organizerPayable, -10, .eur)])
        }
        let balanced = try draft([
            line(.providerClearing, 10), line(.organizerPayable, -10), line(.providerClearing, 7, .eur),
            line(.organizerPayable, -7, .eur),
        ])
        #expect(balanced.lines.count == 4)
    }

    @Test("An entry has two lines or more, and none of zero")
    func linesThatSayNothing() {
        #expect(throws: JournalError.tooFewLines(0)) { try draft([]) }
        #expect(throws: JournalError.tooFewLines(1)) { try draft([line(.platformFees, 1)]) }
        #expect(throws: JournalError.zeroLine(.platformFees)) {
            try draft([line(.platformFees, 0), line(.organizerPayable, 0)])
        }
    }

    @Test("Amounts that overflow are refused")
    func overflow() {
        #expect(throws: JournalError.overflow(.zar)) {
            try draft([line(.providerClearing, .max), line(.organizerPayable, 1)])
        }
    }
}
