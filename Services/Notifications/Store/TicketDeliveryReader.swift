import Contracts
import Messaging
import Postgres

/// Reads deliveries of tickets that are to be sent, outside of any transaction.
struct TicketDeliveryReader: Sendable {
    private let reads: GatheredReads<OrderID, StoredTicketDelivery>

    /// - Parameter gathering: how long a delivery may wait for others to be read with.
    init(_ database: PostgresClient, gathering: Duration) {
        let gather: @Sendable () async -> Void = { try? await Task.sleep(for: gathering) }
        reads = GatheredReads(gather: gathering > .zero ? gather : nil) { orderIDs in
            try await Self.read(orderIDs, from: database)
        }
    }

    /// The delivery of an order, unless it has ended.
    func findPending(_ orderID: OrderID) async throws -> StoredTicketDelivery? {
        try await reads.value(for: orderID)
    }

    private typealias Columns = (
        OrderID, PostgresRawJSON, String, String?, String?, String?, [TicketID], [String]
    )

    private static func read(
        _ orderIDs: [OrderID], from database: PostgresClient
    ) async throws -> [OrderID: Result<StoredTicketDelivery, any Error>] {
        let rows = try await database.query(
            """
            SELECT delivery.order_id, delivery.document, notification.recipient, template.subject, template.text_body,
                template.html_body,
                ARRAY(SELECT ticket_id FROM ticket_refunds WHERE order_id = delivery.order_id ORDER BY ticket_id),
                ARRAY(SELECT state FROM ticket_refunds WHERE order_id = delivery.order_id ORDER BY ticket_id)
            FROM ticket_deliveries AS delivery
            JOIN notifications AS notification ON notification.id = delivery.notification_id
            LEFT JOIN templates AS template
                ON template.organization_id = delivery.organization_id AND template.kind = notification.kind
            WHERE delivery.order_id = ANY(\(orderIDs)) AND notification.status = 'pending'
            """)
        return try rows.decode(Columns.self).reduce(into: [:]) { deliveries, row in
            deliveries[row.0] = Result { try delivery(row) }
        }
    }

    private static func delivery(_ row: Columns) throws -> StoredTicketDelivery {
        StoredTicketDelivery(
            document: try MessageCodec.decode(TicketDocument.self, from: row.1.bytes), recipient: row.2,
            template: MailTemplate(subject: row.3, text: row.4, html: row.5),
            refundStates: try zip(row.6, row.7).reduce(into: [:]) { states, refund in
                states[refund.0] = try TicketRefundStore.state(refund.1)
            })
    }
}
