import Contracts
import Foundation
import HTTPTypes

/// Orders, kept by Ticketing.
struct OrderRoutes: Sendable {
    let calls: any ServiceCalls

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .get, path: "/v1/orders", operationID: "listOrders", summary: "The orders, newest first.",
                tag: .orders, access: .scope(.ordersRead),
                query: [
                    .text("email", "Only orders of the buyer with this e-mail address."),
                    .uuid("occurrence_id", "Only orders for this occurrence."),
                ] + QueryParameter.page, answers: [.page(.orderPage)], handle: list),
            Endpoint(
                method: .get, path: "/v1/orders/{id}", operationID: "getOrder",
                summary: "One order with its tickets.", tag: .orders, access: .scope(.ordersRead),
                answers: [.ok(.order)], handle: get),
        ]
    }

    private func list(_ call: Call) async throws -> Reply {
        let question = ListOrders(
            page: call.page, email: call.query["email"],
            occurrenceID: call.query["occurrence_id"].flatMap { OccurrenceID($0) })
        return try call.reply(with: try await calls.ask(question, for: call))
    }

    private func get(_ call: Call) async throws -> Reply {
        try .json(200, try await calls.ask(GetOrder(orderID: try call.id(of: "order")), for: call))
    }
}
