import Contracts
import Messaging
import Postgres

/// Says how a refund stands.
struct GetRefundHandler: SingleRequestHandler {
    typealias Body = GetRefund

    static let isReadOnly = true

    func answer(
        _ request: Received<GetRefund>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<RefundDetails> {
        let key = SagaKey(request.body.refundID, of: try request.organizationID)
        guard let refund = try SagaStore<RefundSaga>(transaction: transaction).find(key) else {
            throw Problem.notFound("refund")
        }
        return Answer(refund.details)
    }
}
