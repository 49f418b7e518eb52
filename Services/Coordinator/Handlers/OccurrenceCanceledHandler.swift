import Contracts
import Messaging
import Postgres

/// An occurrence will not take place: its orders are to be refunded. Told again, nothing begins anew.
struct OccurrenceCanceledHandler: MessageHandler {
    func handle(
        _ messages: [Received<OccurrenceCanceled>], in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Effects] {
        let beginnings = messages.map { message in
            let (saga, reaction) = CancellationSaga.begin(message.body, at: moment.now)
            return SagaRunner<CancellationSaga>.Beginning(
                saga: saga, reaction: reaction, message: OccurrenceCanceled.name, facts: message.body.facts)
        }
        _ = try SagaRunner(in: transaction, at: moment).begin(beginnings)
        // What follows comes with the first step, which is due at once.
        return messages.map { _ in .none }
    }
}

extension OccurrenceCanceled {
    /// What the history keeps of it.
    fileprivate var facts: JSONValue {
        .object(["cause": .string(cause.rawValue), "reason": .string(reason)])
    }
}
