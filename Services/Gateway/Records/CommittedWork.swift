import Contracts
import Foundation
import Messaging
import Postgres

/// Transactions with an outbox: what ``UnitOfWork`` does, as the routes see it.
protocol CommittedWork: Sendable {
    func run<R: Sendable>(
        scope: PostgresScope, organizationID: OrganizationID?, correlationID: UUID?, traceparent: String?,
        _ body: @Sendable (PostgresTransaction, Moment) throws -> (R, Effects)
    ) async throws -> R
}

extension UnitOfWork: CommittedWork {}
