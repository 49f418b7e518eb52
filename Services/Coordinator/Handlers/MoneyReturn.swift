import Contracts
import Foundation
import Messaging
import Postgres

/// Payments speaks of refunds of two kinds: of orders, which are sagas of their own, and of charges that bought nothing,
/// which their checkouts ordered.
struct MoneyReturn {
    private let checkouts: SagaRunner<CheckoutSaga>
    private let refunds: SagaRunner<RefundSaga>

    init(in transaction: PostgresTransaction, at moment: Moment) {
        checkouts = SagaRunner(in: transaction, at: moment)
        refunds = SagaRunner(in: transaction, at: moment)
    }

    /// Lets each message be heard by the saga that ordered the refund.
    /// - Throws: ``UnknownSaga``, ``UnreadableSaga``.
    func handle<Body: Message>(
        _ messages: [Received<Body>], of ids: (Body) -> (RefundID, ChargeID, CheckoutID),
        checkout: (Body) -> CheckoutEvent, refund: (Body) -> RefundEvent
    ) throws -> [Effects] {
        let isCheckouts = messages.map { message in
            let (refundID, chargeID, _) = ids(message.body)
            return refundID == chargeID.uselessRefundID
        }
        // Checkouts before refunds, as everywhere: two batches that lock both never wait for each other.
        var ofCheckouts = try checkouts.handle(zip(messages, isCheckouts).filter(\.1).map(\.0)) { body in
            (ids(body).2.rawValue, checkout(body))
        }.makeIterator()
        var ofRefunds = try refunds.handle(zip(messages, isCheckouts).filter { !$1 }.map(\.0)) { body in
            (ids(body).0.rawValue, refund(body))
        }.makeIterator()
        return isCheckouts.map { ($0 ? ofCheckouts.next() : ofRefunds.next()) ?? .none }
    }
}
