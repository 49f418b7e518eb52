import Contracts

/// Someone who takes money: a bank's gateway, or the sandbox. All calls leave the process, may last, and may be
/// repeated: the id of the charge or the refund is the idempotency key of every one.
protocol PaymentProvider: Sendable {
    /// What a `PaymentInstrument` names, such as `sandbox`.
    var name: String { get }

    /// Takes the money, once per idempotency key.
    /// - Throws: ``ProviderError``; anything else means that nobody knows whether the money was taken.
    func charge(_ charge: ProviderCharge) async throws -> ChargeVerdict

    /// What became of a charge, as the provider's own books have it.
    func status(of chargeID: ChargeID) async throws -> ChargeVerdict

    /// Makes sure that a charge the provider has not accepted is never taken, not even by a call that is still on its
    /// way.
    /// - Returns: `.failed`, or the charge's true state when the provider had accepted it.
    func cancel(_ chargeID: ChargeID) async throws -> ChargeVerdict

    /// Gives money of a captured charge back, once per idempotency key.
    /// - Throws: ``ProviderError``; anything else means that nobody knows whether the money was given back.
    func refund(_ refund: ProviderRefund) async throws -> RefundVerdict

    /// What became of a refund, as the provider's own books have it.
    func refundStatus(of refundID: RefundID) async throws -> RefundVerdict
}
