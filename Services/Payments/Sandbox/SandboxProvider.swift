import Contracts
import Messaging

/// A payment provider without money: it behaves as its tokens say and keeps its own durable book. Payments reaches it
/// only through ``PaymentProvider``, as it would a provider across the network.
struct SandboxProvider: PaymentProvider {
    let book: SandboxBook
    let moments: MomentSource
    let pause: Pause

    static let name = "sandbox"
    var name: String { Self.name }

    func charge(_ charge: ProviderCharge) async throws -> ChargeVerdict {
        let moment = moments.moment()
        let plan = SandboxToken.plan(
            for: charge.token, holdExpiresAt: charge.holdExpiresAt, at: moment.now)
        guard let entry = try await book.accept(charge, plan: plan, at: moment) else {
            throw ProviderError.idempotencyKeyReused
        }
        guard let verdict = entry.verdict(at: moment.now) else { throw ProviderError.unavailable }
        switch SandboxToken(rawValue: charge.token)?.answering {
        case .atOnce?, nil:
            return verdict
        case .whenSettled?:
            if let settlesAt = entry.settlesAt, settlesAt > moment.now {
                try await pause(settlesAt.since(moment.now))
            }
            return try await status(of: charge.chargeID)
        case .never?:
            try await stayingSilent()
        }
    }

    func status(of chargeID: ChargeID) async throws -> ChargeVerdict {
        let now = moments.now()
        return try await book.settle(chargeID, at: now)?.verdict(at: now) ?? .absent
    }

    func cancel(_ chargeID: ChargeID) async throws -> ChargeVerdict {
        let moment = moments.moment()
        return try await book.cancel(chargeID, at: moment).verdict(at: moment.now) ?? .absent
    }

    func refund(_ refund: ProviderRefund) async throws -> RefundVerdict {
        let moment = moments.moment()
        guard let (entry, isAnswered) = try await book.accept(refund, at: moment) else {
            throw ProviderError.idempotencyKeyReused
        }
        guard let verdict = entry.verdict(at: moment.now) else { throw ProviderError.unavailable }
        guard isAnswered else { try await stayingSilent() }
        return verdict
    }

    func refundStatus(of refundID: RefundID) async throws -> RefundVerdict {
        let now = moments.now()
        return try await book.settle(refundID, at: now)?.verdict(at: now) ?? .absent
    }

    /// Never answers: it ends when the caller has lost patience.
    private func stayingSilent() async throws -> Never {
        while true {
            try await pause(.seconds(3600))
        }
    }
}
