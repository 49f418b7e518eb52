import Contracts
import Foundation
import Postgres

/// The messages that must leave: rows of the transaction that caused them, one for those that go the same way together.
enum Outbox {
    /// How long the process that wrote a row has to publish it before the relay of any process may.
    static let head = Duration.seconds(5)
    /// How long a relay keeps rows it took.
    static let relayLease = Duration.seconds(15)

    static func insert(_ bundles: [OutboundBundle], in transaction: PostgresTransaction, at moment: Moment) throws {
        guard !bundles.isEmpty else { return }
        let dueAt = moment.now + head
        try transaction.write(
            """
            INSERT INTO outbox (id, exchange, routing_key, envelope, body, due_at)
            SELECT id, exchange, routing_key, envelope, body, \(dueAt)
            FROM unnest(
                \(bundles.map(\.id)), \(bundles.map(\.exchange)), \(bundles.map(\.routingKey)),
                \(bundles.map { PostgresJSON($0.envelope) }), \(bundles.map(\.body))
            ) WITH ORDINALITY AS bundle (id, exchange, routing_key, envelope, body, position)
            ORDER BY position
            """)
    }

    static func delete(_ ids: [UUID], in transaction: PostgresTransaction) throws {
        try transaction.write("DELETE FROM outbox WHERE id = ANY(\(ids))")
    }

    /// Takes rows that nobody has published in time, in the order in which they were written.
    static func claim(
        limit: Int, in transaction: PostgresTransaction, at moment: Moment
    ) throws -> [Row] {
        let rows = try transaction.query(
            """
            WITH due AS (
                SELECT id FROM outbox WHERE due_at <= \(moment.now)
                ORDER BY number LIMIT \(limit) FOR UPDATE SKIP LOCKED)
            UPDATE outbox SET due_at = \(moment.now + relayLease) FROM due WHERE outbox.id = due.id
            RETURNING outbox.number, outbox.id, outbox.exchange, outbox.routing_key, outbox.envelope, outbox.body
            """)
        return try rows.decode((Int64, UUID, String, String, PostgresRawJSON, [UInt8]).self)
            .sorted { $0.0 < $1.0 }
            .map { _, id, exchange, routingKey, envelope, body in
                Row(id: id, exchange: exchange, routingKey: routingKey, envelope: envelope, body: body)
            }
    }

    /// A row as it is stored.
    struct Row {
        let id: UUID
        let exchange: String
        let routingKey: String
        let envelope: PostgresRawJSON
        let body: [UInt8]

        /// - Throws: a ``PostgresError`` or ``MessagingError`` when the row is not what ``Outbox/insert(_:in:at:)`` writes.
        func bundle() throws -> OutboundBundle {
            try OutboundBundle(
                exchange: exchange, routingKey: routingKey, envelope: envelope.decode(Envelope.self), body: body)
        }
    }

    static func depth(_ database: PostgresClient) async throws -> Int {
        try await database.query("SELECT count(*) FROM outbox").decodeOne(Int.self)
    }
}
