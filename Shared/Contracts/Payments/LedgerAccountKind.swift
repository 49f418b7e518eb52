/// The accounts of the double-entry ledger, one of each per organisation and currency.
public enum LedgerAccountKind: String, Codable, Sendable, CaseIterable {
    /// Asset: money the provider captured and has not paid out to us.
    case providerClearing = "provider_clearing"
    /// Liability: what the organiser is owed.
    case organizerPayable = "organizer_payable"
    /// Revenue: our fee.
    case platformFees = "platform_fees"
    /// Liability: refunds on their way to buyers.
    case refundsClearing = "refunds_clearing"

    public static var example: LedgerAccountKind { .providerClearing }
}
