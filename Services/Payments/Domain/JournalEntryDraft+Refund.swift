import Contracts

extension JournalEntryDraft {
    /// A refund that was accepted: the organiser bears it, less what the platform returns of its fee, and the buyer is
    /// owed it.
    static func acceptance(of refund: RefundRecord) throws(JournalError) -> JournalEntryDraft {
        try entry(
            of: refund, kind: .refundAccepted, description: "Refund accepted",
            sides: acceptanceSides(of: refund))
    }

    /// Money that the provider gave back: the buyer is owed nothing any more.
    static func success(of refund: RefundRecord) throws(JournalError) -> JournalEntryDraft {
        try entry(
            of: refund, kind: .refund, description: "Refund paid by \(refund.provider ?? "its provider")",
            sides: [(.refundsClearing, refund.amountCents), (.providerClearing, -refund.amountCents)])
    }

    /// A refund that failed after it was accepted: its acceptance, the other way round.
    static func reversal(of refund: RefundRecord) throws(JournalError) -> JournalEntryDraft {
        try entry(
            of: refund, kind: .correction, description: "Refund failed: its acceptance is reversed",
            sides: acceptanceSides(of: refund).map { ($0, -$1) })
    }

    private static func acceptanceSides(of refund: RefundRecord) -> [(LedgerAccountKind, Int)] {
        let feeCents = refund.returnedFeeCents ?? 0
        return [
            (.organizerPayable, refund.amountCents - feeCents),
            (.platformFees, feeCents),
            (.refundsClearing, -refund.amountCents),
        ]
    }

    private static func entry(
        of refund: RefundRecord, kind: JournalEntryKind, description: String, sides: [(LedgerAccountKind, Int)]
    ) throws(JournalError) -> JournalEntryDraft {
        try JournalEntryDraft(
            organizationID: refund.organizationID, orderID: refund.orderID, chargeID: refund.chargeID,
            refundID: refund.id, kind: kind, description: description,
            lines: Line.lines(sides, in: refund.currency))
    }
}
