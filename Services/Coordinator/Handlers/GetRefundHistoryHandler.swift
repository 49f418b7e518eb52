import Contracts
import Messaging
import Postgres

/// Says what happened to a refund, line by line.
struct GetRefundHistoryHandler: SingleRequestHandler {
    typealias Body = GetRefundHistory

    static let isReadOnly = true

    func answer(
        _ request: Received<GetRefundHistory>, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> Answer<SagaHistory> {
        let lines = try SagaHistoryStore(tables: .refunds, transaction: transaction).lines(
            of: SagaKey(request.body.refundID, of: try request.organizationID))
        guard !lines.isEmpty else { throw Problem.notFound("refund") }
        return Answer(SagaHistory(lines))
    }
}

extension SagaHistory {
    init(_ lines: [SagaHistoryStore.Line]) {
        self.init(data: lines.map { SagaTransition(at: $0.at, state: $0.state, message: $0.message) })
    }
}
