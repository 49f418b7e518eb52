import Contracts

/// A journal entry before it is posted. One that does not balance cannot exist.
struct JournalEntryDraft: Sendable, Equatable {
    /// One side: positive debits, negative credits.
    struct Line: Sendable, Equatable {
        let account: LedgerAccountKind
        /// Minor units of `currency`, never zero.
        let amountCents: Int
        let currency: Currency

        /// The sides that are not zero.
        static func lines(_ sides: [(account: LedgerAccountKind, amountCents: Int)], in currency: Currency) -> [Line] {
            sides.compactMap { account, amountCents in
                amountCents == 0 ? nil : Line(account: account, amountCents: amountCents, currency: currency)
            }
        }
    }

    let organizationID: OrganizationID
    let orderID: OrderID?
    let chargeID: ChargeID?
    let refundID: RefundID?
    let kind: JournalEntryKind
    let description: String
    let lines: [Line]

    /// - Throws: ``JournalError`` unless there are two lines or more, none of them zero, that sum to zero in every
    ///   currency.
    init(
        organizationID: OrganizationID, orderID: OrderID?, chargeID: ChargeID?, refundID: RefundID? = nil,
        kind: JournalEntryKind, description: String, lines: [Line]
    ) throws(JournalError) {
        guard lines.count >= 2 else { throw .tooFewLines(lines.count) }
        var sums: [Currency: Int] = [:]
        for line in lines {
            guard line.amountCents != 0 else { throw .zeroLine(line.account) }
            let (sum, overflows) = sums[line.currency, default: 0].addingReportingOverflow(line.amountCents)
            guard !overflows else { throw .overflow(line.currency) }
            sums[line.currency] = sum
        }
        for (currency, sum) in sums.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where sum != 0 {
            throw .unbalanced(currency, sumCents: sum)
        }
        self.organizationID = organizationID
        self.orderID = orderID
        self.chargeID = chargeID
        self.refundID = refundID
        self.kind = kind
        self.description = description
        self.lines = lines
    }

    /// Money the provider captured: owed by the provider, owed to the organiser, less our fee.
    static func capture(of charge: ChargeRecord, fee: PlatformFee) throws(JournalError) -> JournalEntryDraft {
        let feeCents = fee.cents(of: charge.amountCents)
        return try JournalEntryDraft(
            organizationID: charge.organizationID, orderID: charge.orderID, chargeID: charge.id, kind: .chargeCaptured,
            description: "Charge captured by \(charge.provider)",
            lines: Line.lines(
                [
                    (.providerClearing, charge.amountCents),
                    (.organizerPayable, feeCents - charge.amountCents),
                    (.platformFees, -feeCents),
                ], in: charge.currency))
    }
}
