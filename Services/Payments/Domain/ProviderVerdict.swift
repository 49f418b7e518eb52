/// What one call to a provider can come to, whatever it was about.
protocol ProviderVerdict: Sendable, Equatable {
    /// The provider refused the call without looking at it.
    static var unavailable: Self { get }
    /// No answer in time, or one that says nothing.
    static var unknown: Self { get }
}

extension ChargeVerdict: ProviderVerdict {}
extension RefundVerdict: ProviderVerdict {}

extension ProviderVerdict {
    /// What the answer to a question tells: a question that was refused tells nothing about what was asked after.
    var asAnswerToAQuestion: Self { self == .unavailable ? .unknown : self }
}
