/// What becomes of the platform's fee when an organiser gives money back. The fee on money that bought nothing is always
/// returned.
enum RefundFees: String, Sendable, CaseIterable {
    /// The platform keeps its fee; the organiser bears the whole refund.
    case kept
    /// The fee is returned in proportion.
    case returned
}
