import Contracts
import Foundation
import Messaging
import Postgres
import Synchronization

@testable import Gateway

/// Real transactions, whose effects are remembered instead of sent.
final class RecordedWork: CommittedWork {
    private let database: PostgresClient
    private let outgoing = Mutex<[Outgoing]>([])

    init(database: PostgresClient) {
        self.database = database
    }

    func messages<Body: Message>(_ type: Body.Type) -> [Body] {
        outgoing.withLock { $0.compactMap { $0.message as? Body } }
    }

    func run<R: Sendable>(
        scope: PostgresScope, organizationID: OrganizationID?, correlationID: UUID?, traceparent: String?,
        _ body: @Sendable (PostgresTransaction, Moment) throws -> (R, Effects)
    ) async throws -> R {
        let moment = MomentSource.system.moment()
        let (result, effects) = try await database.withTransaction(scope: scope) { transaction in
            try body(transaction, moment)
        }
        outgoing.withLock { $0 += effects.messages }
        return result
    }
}
