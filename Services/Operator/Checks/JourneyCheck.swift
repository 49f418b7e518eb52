import Contracts
import Foundation
import Messaging
import Postgres

/// A check that follows journeys over several databases, page by page.
struct JourneyCheck: Sendable {
    let invariant: Int
    let name: String
    /// Returns the details of violations.
    let find: @Sendable (OperatorEnvironment) async throws -> [String]

    static let pageSize = 2000

    func run(in environment: OperatorEnvironment) async throws -> [Violation] {
        try await find(environment).prefix(DatabaseCheck.limit).map {
            Violation(invariant: invariant, check: name, detail: $0)
        }
    }

    static let all = [capturedMoneyHasTickets, ticketsAreCovered, booksAgree, settledSagasAgree]

    /// Invariant 2. A captured charge ends in a completed order, unless its checkout is still under way.
    private static let capturedMoneyHasTickets = JourneyCheck(
        invariant: 2, name: "every captured charge ends in a completed order or a refund"
    ) { environment in
        try await pages(environment, .payments) { client, last in
            try await client.query(
                """
                SELECT id, order_id, checkout_id, amount_cents FROM transactions
                WHERE status = 'succeeded' AND id > \(last) ORDER BY id LIMIT \(pageSize)
                """
            ).decode((UUID, UUID, UUID, Int).self)
        } judge: { charges in
            let completed = try await environment.withDatabase(.ticketing) { client in
                Set(
                    try await client.query(
                        """
                        SELECT id FROM orders WHERE id = ANY(\(charges.map(\.1)))
                        AND status IN ('completed', 'partially_refunded', 'refunded')
                        """
                    ).decode(UUID.self))
            }
            let suspects = charges.filter { !completed.contains($0.1) }
            let open = try await openCheckouts(suspects.map(\.2), environment)
            return suspects.filter { !open.contains($0.2) }
                .map { "charge \($0.0) of \($0.3) is captured, order \($0.1) has no tickets" }
        }
    }

    /// Invariant 3. A completed order with a price has a captured charge of its total.
    private static let ticketsAreCovered = JourneyCheck(
        invariant: 3, name: "every completed order is covered by a captured charge"
    ) { environment in
        try await pages(environment, .ticketing) { client, last in
            try await client.query(
                """
                SELECT id, total_cents FROM orders WHERE status IN ('completed', 'partially_refunded')
                AND total_cents > 0 AND id > \(last) ORDER BY id LIMIT \(pageSize)
                """
            ).decode((UUID, Int).self)
        } judge: { orders in
            let captured = try await environment.withDatabase(.payments) { client in
                Dictionary(
                    try await client.query(
                        """
                        SELECT order_id, amount_cents FROM transactions
                        WHERE status = 'succeeded' AND order_id = ANY(\(orders.map(\.0)))
                        """
                    ).decode((UUID, Int).self), uniquingKeysWith: max)
            }
            return orders.filter { captured[$0.0] != $0.1 }
                .map { "order \($0.0) of \($0.1) is completed, captured are \(captured[$0.0] ?? 0)" }
        }
    }

    /// Invariant 2, by the outside witness: what the sandbox took, Payments knows, and the other way round.
    private static let booksAgree = JourneyCheck(
        invariant: 2, name: "the sandbox's own book and the charges agree"
    ) { environment in
        let unknown = try await pages(environment, .sandboxProvider) { client, last in
            try await client.query(
                """
                SELECT idempotency_key, amount_cents FROM captures WHERE idempotency_key > \(last)
                ORDER BY idempotency_key LIMIT \(pageSize)
                """
            ).decode((UUID, Int).self)
        } judge: { captures in
            let charges = try await environment.withDatabase(.payments) { client in
                Dictionary(
                    uniqueKeysWithValues: try await client.query(
                        "SELECT id, status, amount_cents FROM transactions WHERE id = ANY(\(captures.map(\.0)))"
                    ).decode((UUID, String, Int).self).map { ($0.0, ($0.1, $0.2)) })
            }
            return captures.compactMap { key, amount in
                guard let (status, charged) = charges[key] else { return "capture \(key) of \(amount) has no charge" }
                if charged != amount { return "capture \(key) of \(amount) is a charge of \(charged)" }
                // Payments is still asking.
                if ["initiated", "pending", "succeeded"].contains(status) { return nil }
                return "capture \(key) of \(amount) is a charge in status \(status)"
            }
        }
        let unpaid = try await pages(environment, .payments) { client, last in
            try await client.query(
                """
                SELECT id, amount_cents FROM transactions WHERE status = 'succeeded' AND provider = 'sandbox'
                AND id > \(last) ORDER BY id LIMIT \(pageSize)
                """
            ).decode((UUID, Int).self)
        } judge: { charges in
            let captured = try await environment.withDatabase(.sandboxProvider) { client in
                Set(
                    try await client.query(
                        "SELECT idempotency_key FROM captures WHERE idempotency_key = ANY(\(charges.map(\.0)))"
                    ).decode(UUID.self))
            }
            return charges.filter { !captured.contains($0.0) }.map { "charge \($0.0) of \($0.1) was never captured" }
        }
        return unknown + unpaid
    }

    /// Invariant 2 and 3, by the saga: a completed checkout has a completed order, an ended one has none.
    private static let settledSagasAgree = JourneyCheck(
        invariant: 2, name: "ended checkouts and orders agree"
    ) { environment in
        try await pages(environment, .coordinator) { client, last in
            try await client.query(
                """
                SELECT id, order_id, state FROM checkouts WHERE id > \(last)
                AND state IN ('completed', 'sold_out', 'canceled', 'expired')
                AND updated_at < now() - interval '30 seconds' ORDER BY id LIMIT \(pageSize)
                """
            ).decode((UUID, UUID, String).self)
        } judge: { checkouts in
            let orders = try await environment.withDatabase(.ticketing) { client in
                Dictionary(
                    uniqueKeysWithValues: try await client.query(
                        "SELECT id, status FROM orders WHERE id = ANY(\(checkouts.map(\.1)))"
                    ).decode((UUID, String).self))
            }
            return checkouts.compactMap { checkout, order, state in
                let status = orders[order] ?? "missing"
                let sold = ["completed", "partially_refunded", "refunded"].contains(status)
                if state == "completed" && !sold { return "checkout \(checkout) is completed, order \(order) is \(status)" }
                if state != "completed" && (sold || status == "reserved") {
                    return "checkout \(checkout) is \(state), order \(order) is \(status)"
                }
                return nil
            }
        }
    }

    /// The checkouts among these that have not ended.
    private static func openCheckouts(_ ids: [UUID], _ environment: OperatorEnvironment) async throws -> Set<UUID> {
        guard !ids.isEmpty else { return [] }
        return try await environment.withDatabase(.coordinator) { client in
            Set(
                try await client.query(
                    """
                    SELECT id FROM checkouts WHERE id = ANY(\(ids))
                    AND state IN ('holding', 'awaiting_payment', 'paying', 'confirming', 'refunding')
                    """
                ).decode(UUID.self))
        }
    }

    /// Walks a table by its id.
    private static func pages<Row: Sendable>(
        _ environment: OperatorEnvironment, _ database: OperatorEnvironment.Database,
        read: @Sendable (PostgresClient, UUID) async throws -> [Row], judge: ([Row]) async throws -> [String]
    ) async throws -> [String] where Row: Sendable {
        try await environment.withDatabase(database) { client in
            var details: [String] = []
            var last = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
            while details.count < DatabaseCheck.limit {
                let rows = try await read(client, last)
                guard let end = rows.last else { break }
                details += try await judge(rows)
                last = Self.identifier(of: end) ?? last
                if rows.count < pageSize { break }
            }
            return details
        }
    }

    /// The first element of a row, which is its id.
    private static func identifier<Row>(of row: Row) -> UUID? {
        Mirror(reflecting: row).children.first?.value as? UUID
    }
}
