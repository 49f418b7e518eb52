import Contracts

/// Looks after everything has settled at what became of each operation.
struct Auditor: Sendable {
    private static let concurrency = 16

    let shop: Shop
    let witness: Witness

    /// The records with what was found of them, and the ids of orders that none of them has made.
    func audit(_ records: [OperationRecord]) async throws -> (records: [OperationRecord], strays: [String]) {
        let orders = try await allOrders()
        let money = try await witness.money(of: orders.map(\.id))
        let orderByCheckout = Dictionary(orders.map { ($0.checkoutID, $0) }) { first, _ in first }
        var audited: [OperationRecord] = []
        for start in stride(from: 0, to: records.count, by: Self.concurrency) {
            let slice = records[start..<min(start + Self.concurrency, records.count)]
            audited += try await withThrowingTaskGroup(of: OperationRecord.self) { group in
                for record in slice {
                    group.addTask {
                        let order = record.ids.first.flatMap { orderByCheckout[$0] }
                        return try await look(at: record, order, order.flatMap { money[$0.id] })
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        return (audited.sorted { $0.id < $1.id }, Self.strays(orders, records))
    }

    private struct Order: Sendable {
        var id: String
        var checkoutID: String
        var email: String
        var body: JSONValue
    }

    private func allOrders() async throws -> [Order] {
        var orders: [Order] = []
        var cursor: String?
        repeat {
            let page = try await shop.client.demand(
                .get("/v1/orders?limit=200" + (cursor.map { "&cursor=\($0)" } ?? ""), "orders"))
            for order in page["data"]?.list ?? [] {
                guard let id = order["id"]?.text, let checkout = order["checkout_id"]?.text else { continue }
                orders.append(
                    Order(id: id, checkoutID: checkout, email: order["buyer"]?["email"]?.text ?? "", body: order))
            }
            cursor = page["next_cursor"]?.text
        } while cursor != nil
        return orders
    }

    private func look(
        at record: OperationRecord, _ order: Order?, _ money: Witness.Money?
    ) async throws -> OperationRecord {
        guard record.isAccepted, let id = record.ids.first else { return record }
        var record = record
        var audit = AuditRecord()
        switch record.kind {
        case .visit: return record
        case .checkout, .cancel:
            audit.state = try await state("/v1/checkouts/\(id)")
            fill(&audit, from: order?.body ?? .null)
            audit.capturedCents = money?.captured ?? []
            audit.givenBackCents = money?.givenBack ?? []
            record.orderID = record.orderID ?? order?.id
        case .refund: audit.state = try await state("/v1/refunds/\(id)")
        case .cancellation:
            let path = "/v1/occurrences/\(shop.canceledOccurrenceID)/cancellation"
            let body = try await shop.client.demand(.get(path, "cancellation"))
            audit.state = body["state"]?.text
            audit.ordersTotal = body["orders_total"]?.number ?? 0
            audit.ordersRefunded = body["orders_refunded"]?.number ?? 0
        }
        record.audit = audit
        return record
    }

    private func fill(_ audit: inout AuditRecord, from order: JSONValue) {
        audit.orderStatus = order["status"]?.text
        audit.orderTotalCents = order["total_cents"]?.number ?? 0
        audit.orderRefundedCents = order["refunded_cents"]?.number ?? 0
        let tickets = order["tickets"]?.list ?? []
        audit.ticketIDs = tickets.compactMap { $0["id"]?.text }
        audit.ticketStatuses = tickets.reduce(into: [:]) { $0[$1["status"]?.text ?? "", default: 0] += 1 }
    }

    /// The state of an object; nil when there is none.
    private func state(_ path: String) async throws -> String? {
        let client = shop.client
        guard let reply = try await client.send(.get(path, "audit"), until: client.clock.now + 60, note: { _ in })
        else { throw CampaignError("\(path) was not answered") }
        if reply.status == 404 { return nil }
        guard reply.isSuccess else { throw CampaignError("\(path) answered \(reply.status)") }
        return reply.body["state"]?.text
    }

    /// Orders of checkouts that no client knows, beside one for each that never got an answer.
    private static func strays(_ orders: [Order], _ records: [OperationRecord]) -> [String] {
        let known = Set(records.flatMap(\.ids))
        var unanswered = Set(
            records.filter { [.checkout, .cancel].contains($0.kind) && !$0.isAccepted }.map(\.email))
        return orders.filter { !known.contains($0.checkoutID) && unanswered.remove($0.email) == nil }.map(\.id)
    }
}
