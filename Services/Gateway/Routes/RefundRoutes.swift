import Contracts
import Foundation
import HTTPTypes

/// Refunds, judged by Ticketing and carried out by the Coordinator.
struct RefundRoutes: Sendable {
    let calls: any ServiceCalls
    let wait: RefundWait

    var endpoints: [Endpoint] {
        [
            Endpoint(
                method: .post, path: "/v1/orders/{id}/refunds", operationID: "startRefund",
                summary: "Refund an order: some of its tickets, an amount, or, with neither, everything that is left.",
                tag: .orders, access: .scope(.ordersRefund), idempotency: .required,
                audited: AuditedAction("order.refund", on: "order"), headers: [.prefer],
                body: .json(.refundDraft, example: Self.example),
                answers: [
                    EndpointAnswer(
                        status: 202, summary: "Under way: follow it at its Location.", content: .json(.refund),
                        headers: [.location, .preferenceApplied]),
                    EndpointAnswer(
                        status: 200, summary: "Ended while `Prefer: wait` waited.", content: .json(.refund),
                        headers: [.location, .preferenceApplied]),
                ], problems: [.alreadyRefunded, .refundExceedsPayment, .refundNotAllowed, .conflict], handle: start),
            Endpoint(
                method: .get, path: "/v1/refunds/{id}", operationID: "getRefund", summary: "A refund as it stands.",
                tag: .orders, access: .scope(.ordersRead), answers: [.ok(.refund)], handle: get),
            Endpoint(
                method: .get, path: "/v1/refunds/{id}/history", operationID: "getRefundHistory",
                summary: "Everything that happened to a refund.", tag: .orders, access: .scope(.ordersRead),
                answers: [.ok(.history)], handle: history),
        ]
    }

    /// Tickets and an amount exclude each other.
    private static let example = RefundDraft(reason: "The artist is ill.", ticketIDs: [.example])

    private func start(_ call: Call) async throws -> Reply {
        let orderID: OrderID = try call.id(of: "order")
        let draft: RefundDraft = try call.decode()
        let errors = draft.fieldErrors
        guard errors.isEmpty else { throw Problem.validation(errors) }
        let begun = try await begin(RefundID(call.resourceID), of: orderID, draft, for: call)

        let seconds = Preference(headerValues: call.headers[values: .prefer]).waitSeconds
        let refund = await wait.follow(begun, for: call, seconds: seconds)
        var headers: HTTPFields = [.location: "/v1/refunds/\(refund.id)"]
        headers[.preferenceApplied] = seconds.map { "wait=\($0)" }
        let status = seconds != nil && refund.state.isFinal ? 200 : 202
        return try Reply.json(status, refund, headers: headers).about(orderID)
    }

    /// Starts the refund, or finds the one that an earlier attempt of the same request has started.
    private func begin(
        _ id: RefundID, of orderID: OrderID, _ draft: RefundDraft, for call: Call
    ) async throws -> RefundDetails {
        let quote: RefundQuote
        do {
            quote = try await calls.ask(
                QuoteRefund(orderID: orderID, draft: draft), for: call, correlationID: id.rawValue)
        } catch let refusal as Problem where refusal.slug != .unavailable {
            // The first attempt may have taken what this one finds gone: only who asked for nothing yet is refused.
            guard let started = try await find(id, for: call) else { throw refusal }
            return started
        }
        return try await calls.ask(
            StartRefund(refundID: id, orderID: orderID, draft: draft, quote: quote), for: call,
            correlationID: id.rawValue)
    }

    /// - Returns: nil when there is no such refund. That it cannot be asked for now is no answer, and thrown.
    private func find(_ id: RefundID, for call: Call) async throws -> RefundDetails? {
        do {
            return try await calls.ask(GetRefund(refundID: id), for: call, correlationID: id.rawValue)
        } catch let problem as Problem where problem.slug == .notFound {
            return nil
        }
    }

    private func get(_ call: Call) async throws -> Reply {
        let id: RefundID = try call.id(of: "refund")
        return try .json(200, try await calls.ask(GetRefund(refundID: id), for: call, correlationID: id.rawValue))
    }

    private func history(_ call: Call) async throws -> Reply {
        let id: RefundID = try call.id(of: "refund")
        let question = GetRefundHistory(refundID: id)
        return try .json(200, try await calls.ask(question, for: call, correlationID: id.rawValue))
    }
}
